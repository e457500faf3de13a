// Where a history gets its messages from: the client, for who is in the chat. Who looks in has another one, see `visiting`.

import { client } from "../session.js";
import { noteOpened } from "./positions.js";

/**
 * What is known of the messages of a chat.
 * @typedef {object} State
 * @property {any[]} messages by seq; those that are not sent yet come last
 * @property {boolean} hasOlder
 * @property {boolean} hasNewer
 * @property {any[]} members those whose read marks are known
 * @property {number} lastSeq @property {number} lastRead @property {number} unread
 * @property {any} latest the last message of the chat, whether it is held or not
 */

/** Whether a place is held; without one, whether the end is. @param {{messages: any[], hasOlder: boolean, hasNewer: boolean} | null} held @param {number} [around] */
export function isWithin(held, around) {
  if (!held) return false;
  if (around === undefined) return !held.hasNewer;
  const logged = held.messages.filter(({ seq }) => seq !== undefined);
  return (!held.hasOlder || logged[0]?.seq <= around) && (!held.hasNewer || (logged.at(-1)?.seq ?? 0) >= around);
}

/** The chat of a member, kept up to date by the client. */
export class LiveSource {
  isLive = true;

  /** @param {string} chatId */
  constructor(chatId) {
    this.chatId = chatId;
  }

  /** @returns {State | null} null for who is not in the chat any more */
  state() {
    const chat = client.chat(this.chatId);
    if (!chat) return null;
    const { messages, hasOlder, hasNewer, members, last_seq, last_read_seq, unread_count, last_message } = chat;
    return { messages, hasOlder, hasNewer, members: members ?? [], lastSeq: last_seq, lastRead: last_read_seq, unread: unread_count, latest: last_message };
  }

  /** Whether that place is held, so that nothing is waited for. @param {number} [around] */
  isHeld(around) {
    const chat = client.chat(this.chatId);
    const isLoaded = !!chat && (chat.last_message === null || chat.messages.some((/** @type {any} */ { seq }) => seq !== undefined));
    return isLoaded && isWithin(chat, around);
  }

  /** Done when the messages are there; the members of a large group may come later. @param {number} [around] */
  open(around) {
    noteOpened(this.chatId);
    return new Promise((resolve, reject) => {
      const off = client.on("change", () => this.isHeld(around) && done());
      const done = () => (off(), resolve(undefined));
      client.open(this.chatId, { around }).then(done, (error) => (off(), reject(error)));
      if (this.isHeld(around)) done();
    });
  }

  async older() {
    await client.older(this.chatId);
  }

  async newer() {
    await client.newer(this.chatId);
  }

  present() {
    return client.present(this.chatId);
  }

  /** @param {number | null} seq */
  setViewport(seq) {
    client.setViewport(this.chatId, seq);
  }

  /** @param {string | null} id */
  person(id) {
    return id === null ? null : client.person(id);
  }
}
