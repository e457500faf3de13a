// Marks as read what was in view while somebody could see the page.

import { client } from "../session.js";
import { messageOf } from "./row.js";

/** How long is waited: who scrolls through much has not stopped yet. */
const PAUSE_MS = 250;
/** So much of a message has to be in view. */
const SHOWN = 24;

/** What notes how far somebody has read in one chat. */
export class Reading {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #seen = 0;
  #told = 0;

  /** @param {string} chatId */
  constructor(chatId) {
    this.chatId = chatId;
  }

  /** Whether anybody can see the page. */
  get isSeen() {
    return document.visibilityState === "visible";
  }

  /** Notes the last message in view. @param {import("./source.js").State} state @param {import("./scroll-anchor.js").ScrollAnchor} anchor */
  look(state, anchor) {
    const { view, list } = anchor;
    let row = anchor.isAtEnd ? list.lastElementChild : anchor.before(view.getBoundingClientRect().bottom - SHOWN);
    while (row && messageOf(row).seq === undefined) row = row.previousElementSibling;
    if (!row) return;
    const { seq } = messageOf(row);
    const isLast = !state.hasNewer && state.messages.findLast((message) => message.seq !== undefined)?.seq === seq;
    // Other entries than messages may stand at the end of the log: they are read with the last one.
    if (state.unread > 0 || seq > state.lastRead) this.saw(isLast ? Math.max(seq, state.lastSeq) : seq);
  }

  /** A message was in view. @param {number} seq its place, or that of the end of the log */
  saw(seq) {
    if (!this.isSeen || seq <= this.#seen) return;
    this.#seen = seq;
    this.#timer ??= setTimeout(() => this.tell(), PAUSE_MS);
  }

  /** Tells it now. */
  tell() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#seen <= this.#told) return;
    this.#told = this.#seen;
    client.read(this.chatId, this.#seen).catch(() => {});
  }
}
