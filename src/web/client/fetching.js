// What the store asks the server for, again and again until it answers, and what happens meanwhile.

import { patiently } from "./waiting.js";

/** The requests of one store. */
export class Fetching {
  /** Counts what begins, so that it is known what came before what. */
  moment = 0;
  /** How many are under way. */
  count = 0;

  /**
   * @param {import("./http.js").Rest} rest
   * @param {AbortSignal} signal
   * @param {() => void} onRest nothing is under way any more
   */
  constructor(rest, signal, onRest) {
    this.rest = rest;
    this.signal = signal;
    this.onRest = onRest;
  }

  /** @param {string} path @param {Record<string, unknown>} [query] @returns {Promise<any>} */
  get(path, query) {
    return patiently(() => this.rest.get(path, query, this.signal), this.signal);
  }

  /** Every item of a list. @param {string} path @param {Record<string, unknown>} [query] @returns {Promise<any[]>} */
  all(path, query = {}) {
    return patiently(() => this.rest.all(path, query, this.signal), this.signal);
  }

  /**
   * Fetches something and takes it before it counts as done. `take` is told the moment at which it began: the answer may be
   * older than what has happened since.
   * @template T
   * @param {() => Promise<T>} fetch
   * @param {(answer: T, began: number) => void} take
   * @returns {Promise<T>}
   */
  async during(fetch, take) {
    const began = ++this.moment;
    this.count += 1;
    try {
      const answer = await fetch();
      take(answer, began);
      return answer;
    } finally {
      this.count -= 1;
      if (!this.count) this.onRest();
    }
  }
}

/** How many messages are fetched at once. */
const PAGE = 50;

/** @typedef {import("./chat.js").Chat} Chat */

/** What is loaded of chats. */
export class Loading {
  #of;

  /**
   * @param {object} of
   * @param {import("./fetching.js").Fetching} of.fetching
   * @param {(person: any) => void} of.meet told each person that is seen
   * @param {(chat: Chat, error: any) => void} of.failed
   * @param {(chatId: string | null) => void} of.onChange
   */
  constructor(of) {
    this.#of = of;
  }

  /** @param {Chat} chat @param {{before_seq?: number, after_seq?: number, around_seq?: number}} [asked] */
  async messages(chat, asked = {}) {
    const isBeside = asked.before_seq !== undefined || asked.after_seq !== undefined;
    const held = isBeside ? 0 : (chat.window?.messages.length ?? 0);
    const limit = Math.min(100, Math.max(Math.min(PAGE, chat.most >> 1), held));
    await this.#load(chat, () => this.#of.fetching.get(`/chats/${chat.id}/messages`, { limit, include: "users", ...asked }), ({ items, users }) => {
      for (const { id, ...person } of users ?? []) this.#of.meet({ user_id: id, ...person });
      if (chat.isOpen) chat.takeMessages(items.reverse(), limit, asked);
    });
  }

  /** @param {Chat} chat */
  async members(chat) {
    await this.#load(chat, () => this.#of.fetching.all(`/chats/${chat.id}/members`), (all) => {
      for (const member of all) this.#of.meet(member);
      if (chat.isOpen) chat.takeMembers(all);
    });
  }

  /** @param {Chat} chat @param {string} id */
  async message(chat, id) {
    await this.#load(chat, () => this.#of.fetching.get(`/chats/${chat.id}/messages/${id}`), (message) => chat.takeMessage(message));
  }

  /** @param {Chat} chat @param {() => Promise<any>} fetch @param {(answer: any) => void} take */
  async #load(chat, fetch, take) {
    try {
      // What was read before it became another log is of no use.
      await this.#of.fetching.during(fetch, (answer, began) => chat.lostAt < began && take(answer));
      this.#of.onChange(chat.id);
    } catch (error) {
      if (/** @type {any} */ (error).status !== 404) this.#of.failed(chat, /** @type {any} */ (error));
    }
  }
}
