// The room `account`.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";

class Page extends Element {
  start() {
    fill(this, h("p", null, "account"));
  }
}

define("tl-account-page", Page);
