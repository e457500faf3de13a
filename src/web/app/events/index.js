// The room `events`.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";

class Page extends Element {
  start() {
    fill(this, h("p", null, "events"));
  }
}

define("tl-events-page", Page);
