// Marks as read what was in view while somebody could see the page.

import { client } from "../session.js";

/** How long is waited: who scrolls through much has not stopped yet. */
const PAUSE_MS = 250;

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
