// The messenger: my chats at one side, the conversation at the other.

import { Element, define } from "../element.js";
import { button } from "../buttons.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { address } from "../router.js";
import { t } from "../words.js";
import { openNewChat } from "./list.js";

/** `<tl-chats-page>`: the list, and the chat that the address names. */
class ChatsPage extends Element {
  list = /** @type {import("./list.js").ChatList} */ (/** @type {unknown} */ (h("tl-chat-list")));
  place = h("div", { class: "chats-place" });

  start() {
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
    this.list.current = chat_id ?? "";
    if (!chat_id) return fill(this.place, nothingChosen());
    const shown = /** @type {any} */ (this.place.firstElementChild);
    if (shown?.params?.chat_id === chat_id) {
      shown.query = this.query;
      if (shown.moved()) return;
    }
    fill(this.place, h("tl-conversation", { params: this.params, query: this.query }));
  }
}

/** What a wide window shows beside the list when no chat is chosen. */
function nothingChosen() {
  return h("div", { class: "empty chats-nothing" }, icon("chats", 56), h("p", null, t("chats.choose")),
    h("div", { class: "inline" }, button(t("chats.new"), () => void openNewChat()), h("a", { class: "button", href: address("/discover") }, t("chats.discover"))),
    h("p", { class: "soft" }, h("kbd", null, "Ctrl"), h("kbd", null, "K"), t("chats.hint")));
}

define("tl-chats-page", ChatsPage);
