// The room `sign-in`.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";

class Page extends Element {
  start() {
    fill(this, h("p", null, "sign-in"));
  }
}

define("tl-sign-in-page", Page);
