// Tells who cannot see the list what is said in the open chat: one polite log beside it.

import { h } from "../dom.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { beginningOf } from "./text.js";

/** So many lines are kept. */
const KEPT = 10;
/** More than so many at once are only counted. */
const FEW = 4;

/** The log of one chat. */
export class Announcer {
  element = h("div", { class: "visually-hidden", role: "log", "aria-live": "polite", "aria-label": t("messages.log") });
  /** @type {number | null} */
  #last = null;

  /**
   * Tells what is new since it was asked last.
   * @param {import("./source.js").State} state @param {(id: string | null) => any} personOf
   */
  tell({ messages, hasNewer, lastSeq }, personOf) {
    this.#forget(messages);
    const last = this.#last;
    this.#last = Math.max(last ?? 0, lastSeq);
    if (last === null || hasNewer) return;
    const fresh = [];
    for (let at = messages.length - 1; at >= 0 && (messages[at].seq ?? Infinity) > last; at -= 1) {
      const { seq, sender_id, recalled_at } = messages[at];
      if (seq !== undefined && sender_id !== client.userId && !recalled_at) fresh.unshift(messages[at]);
    }
    if (fresh.length > FEW) return this.#say(t("messages.many_new", { count: fresh.length }));
    for (const message of fresh) {
      const name = personOf(message.sender_id)?.name;
      this.#say(name ? t("messages.said", { name, text: beginningOf(message) }) : beginningOf(message), message.id);
    }
  }

  /** What is recalled is not kept here either. @param {any[]} messages */
  #forget(messages) {
    for (const line of /** @type {HTMLElement[]} */ ([...this.element.children])) {
      const message = line.dataset.id && messages.findLast(({ id }) => id === line.dataset.id);
      if (message?.recalled_at) line.remove();
    }
  }

  /** @param {string} text @param {string} [id] the message that it tells of */
  #say(text, id = "") {
    this.element.append(h("p", { dataset: { id } }, text));
    while (this.element.children.length > KEPT) this.element.firstElementChild?.remove();
  }
}
