// The feature `viewer`: pictures in full size.

import { define } from "../element.js";
import { addWords } from "../words.js";
import { Viewer } from "./viewer.js";
import { en, ru, zh } from "./words.js";

addWords({ en, zh, ru });

define("tl-viewer", Viewer);
