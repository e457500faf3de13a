// The rows of a history in the page: those that stay keep their elements.

import { makeRow, messageOf, updateRow } from "./row.js";

/** The rows of a list. */
export class Rows {
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();

  /**
   * @param {HTMLElement} list @param {import("./row.js").RowContext} context
   * @param {(row: HTMLElement) => void} onMade what is inside of a row was made anew
   * @param {(row: HTMLElement) => void} onGoing a row is about to go
   */
  constructor(list, context, onMade, onGoing) {
    this.list = list;
    this.context = context;
    this.onMade = onMade;
    this.onGoing = onGoing;
  }

  get size() {
    return this.#rows.size;
  }

  /** The row of a message. @param {any} message @returns {HTMLElement | undefined} */
  of(message) {
    return message && [...this.#rows.values()].find((row) => messageOf(row) === message);
  }

  /** Shows these, in their order. @param {import("./row.js").Item[]} items */
  show(items) {
    const wanted = new Set(items.map(({ key }) => key));
    for (const [key, row] of this.#rows) {
      if (wanted.has(key)) continue;
      this.onGoing(row);
      row.remove();
      this.#rows.delete(key);
    }
    let at = this.list.firstElementChild;
    for (const item of items) {
      let row = this.#rows.get(item.key);
      const isMade = row ? updateRow(row, item, this.context) : true;
      if (!row) this.#rows.set(item.key, (row = makeRow(item, this.context)));
      if (isMade) this.onMade(row);
      if (row === at) at = at.nextElementSibling;
      else this.list.insertBefore(row, at);
    }
  }
}
