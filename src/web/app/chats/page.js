// The messenger: my chats at one side, the conversation at the other.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";

/** `<tl-chats-page>`: the list, and the chat that the address names. */
class ChatsPage extends Element {
  start() {
    this.list = h("tl-chat-list");
    this.place = h("div", { class: "chats-place" });
    fill(this, this.list, this.place);
    this.#show();
  }

  moved() {
    this.#show();
    return true;
  }

  stop() {
    document.querySelector("tl-app")?.classList.remove("is-reading");
  }

  #show() {
    const { chat_id } = this.params;
    document.querySelector("tl-app")?.classList.toggle("is-reading", !!chat_id);
    this.classList.toggle("has-chat", !!chat_id);
    const shown = /** @type {any} */ (this.place?.firstElementChild);
    if (!chat_id) return this.place && fill(this.place);
    if (shown?.params?.chat_id === chat_id) {
      shown.query = this.query;
      if (shown.moved()) return;
    }
    if (this.place) fill(this.place, h("tl-conversation", { params: this.params, query: this.query }));
  }
}

define("tl-chats-page", ChatsPage);
