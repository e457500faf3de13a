// The room `discover`.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";

class Page extends Element {
  start() {
    fill(this, h("p", null, "discover"));
  }
}

define("tl-discover-page", Page);
