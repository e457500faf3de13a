// Keeps one draft for this window, and notices when another window has kept something else in its place.

import { read, readAgain, write } from "./drafts.js";

/** What is kept, without its version. @typedef {Omit<import("./drafts.js").Kept, "version">} State */

/** The place of one draft. */
export class DraftStorage {
  /** The version that this window has begun with. @type {string | null} */
  #base = null;
  /** What was kept or taken over last. */
  #kept = "";
  #cursor = "";

  /** @param {string} userId @param {string} chatId */
  constructor(userId, chatId) {
    this.userId = userId;
    this.chatId = chatId;
  }

  /** What is kept there. */
  get stored() {
    return read(this.userId, this.chatId);
  }

  /** Whether nothing has been changed here since it was kept. @param {State} state */
  isSame(state) {
    return content(state) === this.#kept;
  }

  /** Whether the cursor is at another place. @param {State} state */
  hasMoved({ cursor }) {
    return String(cursor) !== this.#cursor;
  }

  /** Whether another window has kept something since. */
  isPassed() {
    return (this.stored?.version ?? null) !== this.#base;
  }

  /** This is what the window shows of what is kept. @param {State} state */
  begin(state) {
    this.#base = this.stored?.version ?? null;
    this.#note(state);
  }

  /** Keeps it. What another window has written meanwhile becomes its `other`. Answers whether there was room. @param {State} state */
  keep(state) {
    const stored = readAgain(this.userId, this.chatId);
    const isEmpty = !state.text && !state.files.length && !state.reply && !state.edit && !state.other;
    if (stored && this.isPassed()) {
      // Where nothing is written here, there is nothing to keep: that one stays.
      if (isEmpty) return this.#note(state);
      if (stored.text.trim() && stored.text !== state.text) state.other = stored.text;
    }
    this.#base = isEmpty ? null : `${Date.now()}.${Math.random()}`;
    this.#note(state);
    return write(this.userId, this.chatId, this.#base === null ? null : { ...state, version: this.#base });
  }

  /** @param {State} state */
  #note(state) {
    this.#kept = content(state);
    this.#cursor = String(state.cursor);
    return true;
  }
}

/** What matters of it to others: not where the cursor is. @param {State} state */
function content({ cursor, ...state }) {
  return JSON.stringify(state);
}
