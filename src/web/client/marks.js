// Read marks: how far I have read in each chat, told to the server when it can be reached.

import { patiently } from "./waiting.js";

/** The marks that the server does not know yet. */
export class ReadMarks {
  /** @type {Map<string, number>} */
  #waiting = new Map();

  /** @param {import("./rest.js").Rest} rest */
  constructor(rest) {
    this.rest = rest;
  }

  /** The mark of a chat, until the server knows it. @param {string} chatId */
  of(chatId) {
    return this.#waiting.get(chatId);
  }

  /** Tells the server, after each other the latest mark of a chat. @param {string} chatId @param {number} seq @param {AbortSignal} signal */
  async tell(chatId, seq, signal) {
    const isUnderWay = this.#waiting.has(chatId);
    this.#waiting.set(chatId, seq);
    if (isUnderWay) return;
    try {
      let told;
      do {
        told = this.#waiting.get(chatId);
        await patiently(() => this.rest.put(`/chats/${chatId}/read`, { seq: this.#waiting.get(chatId) }), signal);
      } while (told !== this.#waiting.get(chatId));
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#waiting.delete(chatId);
    }
  }
}
