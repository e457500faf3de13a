// The chats in the order in which they are shown, and those of them that a filter lets through.

/** When something happened there last. @param {any} chat */
const active = (chat) => chat.last_message?.created_at ?? chat.created_at;

/** What a chat is called. @param {any} chat @returns {string | null} */
export const titleOf = (chat) => chat.title ?? chat.peer?.name ?? null;

/** The kinds of filters, and what each lets through. @type {Record<string, (chat: any) => boolean>} */
export const FILTERS = {
  all: () => true,
  unread: (chat) => chat.unread_count > 0,
  direct: (chat) => chat.kind === "direct",
  groups: (chat) => chat.kind !== "direct",
};

/** Chats, newest activity first. */
export class Order {
  /** @type {Map<string, any>} */
  #chats = new Map();
  /** @type {any[]} */
  #sorted = [];
  /** The titles as they are compared. @type {Map<string, [string | null, string]>} */
  #titles = new Map();
  /** The ids as they stand while nothing may move. @type {string[] | null} */
  #held = null;
  /** What stands there and is gone. @type {Map<string, any>} */
  #gone = new Map();
  filter = "all";
  text = "";

  get size() {
    return this.#chats.size;
  }

  /** Takes all chats anew, in their order. @param {any[]} chats */
  replace(chats) {
    const before = this.#chats;
    this.#chats = new Map(chats.map((chat) => [chat.id, chat]));
    this.#sorted = chats;
    if (this.#held) for (const [id, chat] of before) if (!this.#chats.has(id)) this.#gone.set(id, chat);
  }

  /** Takes one chat as it is now; null where it is gone. @param {string} id @param {any} chat */
  put(id, chat) {
    const before = this.#chats.get(id);
    const from = before ? this.#sorted.indexOf(before) : -1;
    if (chat && before && active(chat) === active(before)) {
      this.#sorted[from] = chat;
    } else {
      if (from >= 0) this.#sorted.splice(from, 1);
      if (chat) this.#sorted.splice(this.#placeFor(active(chat)), 0, chat);
    }
    if (chat) this.#chats.set(id, chat);
    else if (before) {
      this.#chats.delete(id);
      this.#gone.set(id, before);
    }
  }

  /** @param {string} at */
  #placeFor(at) {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (active(this.#sorted[middle]) > at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** From now on nothing moves, until it is let go. @param {any[]} chats as they stand */
  hold(chats) {
    this.#held ??= chats.map(({ id }) => id);
  }

  /** Whether something was held. */
  letGo() {
    const was = this.#held !== null;
    this.#held = null;
    this.#gone.clear();
    return was;
  }

  /**
   * Those that are shown, in their order. A chat that has gone while nothing may move is shown as `isGone`.
   * @param {Set<string>} kept those that stay though the filter lets them through no more
   */
  shown(kept) {
    if (this.#held) return this.#held.map((id) => this.#chats.get(id) ?? { ...this.#gone.get(id), id, isGone: true });
    const wanted = this.text.trim().toLocaleLowerCase();
    if (!wanted && this.filter === "all") return this.#sorted.slice();
    const fits = FILTERS[this.filter];
    return this.#sorted.filter((chat) => (fits(chat) || kept.has(chat.id)) && (!wanted || this.#title(chat).includes(wanted)));
  }

  /** @param {any} chat */
  #title(chat) {
    const title = titleOf(chat);
    const known = this.#titles.get(chat.id);
    if (known?.[0] === title) return known[1];
    const compared = `${title ?? ""} ${chat.peer?.username ?? ""}`.toLocaleLowerCase();
    this.#titles.set(chat.id, [title, compared]);
    return compared;
  }
}
