// The messages that are pinned in a chat: which they are, and the list of them.

import { avatarOf } from "../avatar.js";
import { h } from "../dom.js";
import { openDialog } from "../dialogs.js";
import { moreOf, Pages } from "../paging.js";
import { go } from "../router.js";
import { client } from "../session.js";
import { moment, t } from "../words.js";
import { beginningOf } from "./text.js";

/** The pins of one conversation. */
export class Pins {
  /** What the history is told: the ids, and whether I may pin. @type {{ids: Set<string>, can: boolean}} */
  state = { ids: new Set(), can: false };

  /** @param {any} conversation */
  constructor(conversation) {
    this.conversation = conversation;
    this.chatId = conversation.params.chat_id;
    conversation.follow("frame", (/** @type {any} */ frame) => {
      if (frame.chat_id !== this.chatId || !frame.type.startsWith("pin_")) return;
      if (frame.type === "pin_added") this.state.ids.add(frame.message_id);
      else this.state.ids.delete(frame.message_id);
      conversation.history?.changed();
    });
    // What happened while there was no connection was not told.
    conversation.follow("state", (/** @type {string} */ state) => state === "online" && this.load());
  }

  /** Fetches which messages are pinned. */
  async load() {
    try {
      const { items } = await client.rest.get(`/chats/${this.chatId}/pins`, { limit: 100 });
      this.state.ids.clear();
      for (const { id } of items) this.state.ids.add(id);
      this.changed();
      this.conversation.history?.changed();
    } catch {
      // They are marked when it works again.
    }
  }

  /** The chat or its members are different. */
  changed() {
    const chat = client.chat(this.chatId);
    const mine = chat?.members?.find((/** @type {any} */ { user_id }) => user_id === client.userId);
    this.state.can = !!mine && chat.kind === "group" && mine.role !== "member";
  }

  /** Shows the list of them. @param {HTMLElement} opener */
  open(opener) {
    const pages = new Pages(`/chats/${this.chatId}/pins`, {}, { by: "" });
    openDialog(t("messages.pins"), (dialog) => {
      const list = h("ul", { class: "pins-list" });
      const empty = h("p", { class: "empty", hidden: true }, t("messages.no_pins"));
      const add = async () => {
        const added = await pages.more();
        list.append(...added.map((message) => entry(message, pages.people, dialog)));
        empty.hidden = pages.items.length > 0;
        return !pages.isWhole;
      };
      const more = moreOf(add);
      return [list, empty, more];
    }, "pins").then((chosen) => {
      if (chosen) go(`/chats/${this.chatId}`, { seq: chosen });
      else opener.focus();
    });
  }
}

/** @param {any} message @param {Map<string, any>} people @param {HTMLDialogElement} dialog */
function entry(message, people, dialog) {
  const person = people.get(message.sender_id) ?? null;
  return h("li", null, h("button", { type: "button", class: "pins-entry", onclick: () => dialog.close(String(message.seq)) },
    avatarOf(person ?? { name: "?" }, "small"),
    h("span", { class: "grow" }, h("strong", { dir: "auto" }, person?.name ?? t("app.somebody")), h("span", { class: "pins-text", dir: "auto" }, beginningOf(message))),
    h("small", null, moment(message.created_at))));
}
