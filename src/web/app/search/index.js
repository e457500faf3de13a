// The room `search`.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";

class Page extends Element {
  start() {
    fill(this, h("p", null, "search"));
  }
}

define("tl-message-search", Page);
