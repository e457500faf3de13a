// Where one writes: `<tl-composer>`.

import { Element, define } from "../element.js";

class Composer extends Element {}

define("tl-composer", Composer);
