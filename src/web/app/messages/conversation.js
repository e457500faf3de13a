// A conversation: its header, its messages, and the place where one writes.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";

class Conversation extends Element {
  start() {
    fill(this, h("p", null, this.params.chat_id));
  }
}

define("tl-conversation", Conversation);
