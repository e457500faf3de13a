// Moving through messages with the keys, and doing with them what the toolbar does.

import { isTyping, addKeys } from "../shell/keys.js";
import { rowOf } from "./row.js";

addKeys([
  { keys: "↑ ↓", words: "keys.messages" },
  { keys: "Enter", words: "keys.message_menu" },
  { keys: "R", words: "keys.reply" },
  { keys: "E", words: "keys.edit" },
  { keys: "Delete", words: "keys.recall" },
]);

/** What the letters do. @type {Record<string, string>} */
const LETTERS = { r: "reply", e: "edit", Delete: "recall" };
/** What can be reached inside of a row, while it is the one that has been chosen. */
const INSIDE = "a, button, video, audio";

/** One row of a history can be reached with Tab, from there the arrows go on. */
export class Keys {
  /** @type {HTMLElement | null} */
  #row = null;

  /** @param {import("./history.js").History} history */
  constructor(history) {
    this.history = history;
    history.listen(history.list, "keydown", (event) => this.#key(event));
    history.listen(history.list, "focusin", (event) => {
      const row = rowOf(event.target);
      if (row) this.choose(row);
    });
  }

  /** Makes a row the one that can be reached. @param {HTMLElement} row @param {boolean} [focus] */
  choose(row, focus = false) {
    if (row !== this.#row) {
      this.#reach(this.#row, -1);
      this.#row = row;
    }
    this.#reach(row, 0);
    if (focus) row.focus({ preventScroll: true });
  }

  /** Rows have changed: one of them can be reached, what is inside of the others cannot. */
  settle() {
    const { list } = this.history;
    const last = /** @type {HTMLElement | null} */ (list.lastElementChild);
    const hasFocus = this.#row?.contains(document.activeElement);
    if (!hasFocus && last && (!this.#row?.isConnected || this.#row !== last)) this.choose(last);
  }

  /** What is inside of a row has been made. @param {HTMLElement} row */
  made(row) {
    if (row !== this.#row) this.#reach(row, -1);
  }

  /** The row that has the focus is about to go. */
  lost() {
    this.history.view.focus({ preventScroll: true });
  }

  /** @param {HTMLElement | null} row @param {number} index */
  #reach(row, index) {
    if (!row) return;
    row.tabIndex = index;
    for (const part of /** @type {Iterable<HTMLElement>} */ (row.querySelectorAll(INSIDE))) if (!part.closest(".message-state")) part.tabIndex = index;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const row = rowOf(event.target);
    if (!row || isTyping(event.target) || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const isOnRow = event.target === row;
    const { list } = this.history;
    const ways = { ArrowUp: row.previousElementSibling, ArrowDown: row.nextElementSibling, Home: list.firstElementChild, End: list.lastElementChild };
    const next = ways[/** @type {keyof typeof ways} */ (key)];
    if (next !== undefined) {
      event.preventDefault();
      if (next) this.#go(/** @type {HTMLElement} */ (next));
      else if (key === "ArrowDown") this.history.tell("leave");
    } else if (key === "ContextMenu" || (key === "F10" && event.shiftKey) || (key === "Enter" && isOnRow)) {
      event.preventDefault();
      this.history.tools?.use((toolbar) => toolbar.open(row));
    } else if (key === "Escape") {
      event.preventDefault();
      this.history.tell("leave");
    } else {
      const name = LETTERS[key] ?? LETTERS[key.toLowerCase()];
      if (!name) return;
      event.preventDefault();
      this.history.tools?.use((toolbar) => toolbar.run(row, name));
    }
  }

  /** @param {HTMLElement} row */
  #go(row) {
    this.choose(row, true);
    row.scrollIntoView({ block: "nearest" });
  }
}
