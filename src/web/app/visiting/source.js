// The messages of a public chat, for who is not in it.

import { client } from "../session.js";
import { isWithin } from "../messages/source.js";

/** How many are fetched at once. */
const PAGE = 50;
/** The most that are held. */
const MOST = 400;

/** They are fetched page by page. Nothing comes live: that is what joining is for. */
export class VisitorSource {
  isLive = false;
  /** @type {import("../messages/source.js").State} */
  #state = { messages: [], hasOlder: false, hasNewer: false, members: [], lastSeq: 0, lastRead: 0, unread: 0, latest: null };
  /** @type {Map<string, any>} */
  #people = new Map();

  /** @param {string} chatId @param {() => void} onChange */
  constructor(chatId, onChange) {
    this.chatId = chatId;
    this.onChange = onChange;
  }

  state() {
    return this.#state;
  }

  /** @param {number} [around] */
  isHeld(around) {
    return this.#state.messages.length > 0 && isWithin(this.#state, around);
  }

  /** @param {number} [around] */
  async open(around) {
    if (around !== undefined && this.isHeld(around)) return;
    const messages = await this.#page({ around_seq: around });
    const isWhole = messages.length < PAGE;
    this.#take({ messages, hasOlder: !isWhole, hasNewer: around !== undefined && !isWhole });
  }

  async older() {
    const held = this.#state.messages;
    const page = await this.#page({ before_seq: held[0]?.seq });
    const messages = [...page, ...held];
    this.#take({ messages: messages.slice(0, MOST), hasOlder: page.length === PAGE, hasNewer: this.#state.hasNewer || messages.length > MOST });
  }

  async newer() {
    const held = this.#state.messages;
    const page = await this.#page({ after_seq: held.at(-1)?.seq });
    const messages = [...held, ...page];
    this.#take({ messages: messages.slice(-MOST), hasOlder: this.#state.hasOlder || messages.length > MOST, hasNewer: page.length === PAGE });
  }

  present() {
    return this.open();
  }

  setViewport() {}

  /** @param {string | null} id */
  person(id) {
    return (id && (this.#people.get(id) ?? client.person(id))) || null;
  }

  /** @param {Record<string, number | undefined>} place @returns {Promise<any[]>} */
  async #page(place) {
    const { items, users } = await client.rest.get(`/chats/${this.chatId}/messages`, { limit: PAGE, include: "users", ...place });
    for (const { id, ...person } of users ?? []) this.#people.set(id, { user_id: id, ...person });
    return items.reverse();
  }

  /** @param {Partial<import("../messages/source.js").State>} change */
  #take(change) {
    this.#state = { ...this.#state, ...change };
    this.onChange();
  }
}
