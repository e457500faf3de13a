// The room `chat-info`.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";

class Page extends Element {
  start() {
    fill(this, h("p", null, "chat-info"));
  }
}

define("tl-chat-info", Page);
