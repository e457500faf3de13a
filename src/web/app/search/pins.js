// The messages that are pinned in a chat: `<tl-pins>`.

import { avatarOf } from "../avatar.js";
import { iconButton } from "../buttons.js";
import { Element } from "../element.js";
import { fill, h } from "../dom.js";
import { Pages, moreOf } from "../paging.js";
import { address } from "../router.js";
import { sentence } from "../dialogs.js";
import { moment, t } from "../words.js";
import { beginningOf } from "../messages/text.js";

/** The list of them, the latest first, of the chat `params.chat_id`. It tells `close`. */
export class Pins extends Element {
  place = h("div", { class: "search-results" });

  start() {
    const close = iconButton("close", t("app.close"), () => this.tell("close"));
    fill(this, h("div", { class: "search-head" }, h("h2", null, t("messages.pins")), close), this.place);
    this.follow("frame", ({ type, chat_id }) => type.startsWith("pin_") && chat_id === this.params.chat_id && this.#show());
    this.#show();
  }

  async #show() {
    const pages = new Pages(`/chats/${this.params.chat_id}/pins`, {}, { by: "" });
    const list = h("ul", { "aria-label": t("messages.pins") });
    const add = async () => {
      const added = await pages.more(this.signal);
      list.append(...added.map((message) => pinned(message, pages.people)));
      return !pages.isWhole;
    };
    try {
      const hasMore = await add();
      if (pages.items.length) fill(this.place, list, hasMore ? moreOf(add) : null);
      else fill(this.place, h("p", { class: "empty" }, t("search.no_pins")));
    } catch (error) {
      if (!this.signal.aborted) fill(this.place, h("p", { class: "empty", role: "status" }, sentence(error)));
    }
  }
}

/** @param {any} message @param {Map<string, any>} people */
function pinned(message, people) {
  const person = people.get(message.sender_id) ?? null;
  return h("li", null, h("a", { class: "search-found", href: address(`/chats/${message.chat_id}`, { seq: message.seq }) },
    avatarOf(person ?? { name: "?" }, "small"),
    h("span", { class: "search-found-text" },
      h("span", { class: "search-found-head" }, h("strong", { dir: "auto" }, person?.name ?? t("app.somebody")), h("small", null, moment(message.created_at))),
      h("span", { class: "search-found-words", dir: "auto" }, beginningOf(message)))));
}
