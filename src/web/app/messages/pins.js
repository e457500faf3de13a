// Which messages are pinned in a chat, and whether I may pin.

import { client } from "../session.js";

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
}
