// The room `admin`.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";

class Page extends Element {
  start() {
    fill(this, h("p", null, "admin"));
  }
}

define("tl-admin-page", Page);
