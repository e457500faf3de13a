// Keeps what the reader looks at where it is, whatever changes above it.

/**
 * The anchor of a scrolled list. It remembers the first row in view with its place; when that has changed by itself, it
 * scrolls by as much. At the end of the list it keeps the end in view instead.
 */
export class ScrollAnchor {
  /** Whether the end is in view, and stays so. */
  isAtEnd = false;
  /** Whether the list ends where the chat does: only then its end is followed. */
  reachesEnd = true;
  /** @type {Element | null} the part of the row that is kept */
  #kept = null;
  /** Where that lies in what is scrolled. What a scrolled pixel could not correct stays in here. */
  #place = 0;
  #top = 0;
  #height = 0;

  /** @param {HTMLElement} view what scrolls @param {HTMLElement} list its rows; the last child of each is what is kept */
  constructor(view, list) {
    this.view = view;
    this.list = list;
  }

  /** The first row in view. @returns {HTMLElement | null} */
  get row() {
    return /** @type {any} */ (this.#kept?.parentElement ?? null);
  }

  /** How far below the upper edge that row began, when it was looked at last. */
  get offset() {
    return this.#place - this.#top;
  }

  /** How far the end is below the lower edge. */
  get below() {
    return this.view.scrollHeight - this.view.clientHeight - this.view.scrollTop;
  }

  /**
   * Undoes what has moved. To be called behind each change.
   * @param {number} [before] where the reader was: a list that has become shorter may have moved them already
   */
  settle(before = this.#top) {
    const { view } = this;
    if (this.isAtEnd && this.reachesEnd) {
      view.scrollTop = view.scrollHeight;
    } else if (this.#kept?.isConnected) {
      const moved = this.#placeOf(this.#kept) - this.#place;
      if (Math.abs(moved) >= 0.5) {
        view.scrollTop = before + moved;
        this.#place += view.scrollTop - before;
        this.#note();
        // Where it cannot be scrolled so far, or the row has gone, another one is kept.
        if (Math.abs(this.#placeOf(this.#kept) - this.#place) > 1) this.pick();
        return;
      }
    } else {
      this.pick();
    }
    this.#note();
  }

  /** The reader has scrolled, or the view has another size. */
  scrolled() {
    const { view } = this;
    const { below } = this;
    // Only who scrolls up leaves the end: where the view has become smaller, or the list longer, they are taken along.
    const isUp = view.scrollTop < this.#top && view.scrollHeight >= this.#height;
    const wasAtEnd = this.isAtEnd && this.reachesEnd;
    this.isAtEnd = this.reachesEnd && (wasAtEnd ? !isUp || below < 0.5 : below <= 1.5);
    if (wasAtEnd === this.isAtEnd) this.settle(view.scrollTop);
    this.pick();
    this.#note();
  }

  /** Goes to a place. @param {number} top */
  scrollTo(top) {
    this.view.scrollTop = top;
    this.#kept = null;
    this.#top = 0;
    this.#height = Infinity;
    this.isAtEnd = this.reachesEnd && this.below <= 1.5;
    this.pick();
    this.#note();
  }

  /** Goes to the end, and stays there. */
  toEnd() {
    this.isAtEnd = true;
    this.settle();
    this.pick();
  }

  /** Keeps the first row that is in view as a whole, or else the one that fills it. */
  pick() {
    const { top, bottom } = this.view.getBoundingClientRect();
    let found = this.at(top);
    // What begins below is none of the reader's: then a row fills the view that began above.
    if (found?.previousElementSibling && found.getBoundingClientRect().top > bottom) found = /** @type {any} */ (found.previousElementSibling);
    this.#kept = found?.lastElementChild ?? null;
    this.#place = this.#kept ? this.#placeOf(this.#kept) : 0;
  }

  /** The first row that begins at or below a height of the screen, or else the last one. @param {number} y @returns {HTMLElement | null} */
  at(y) {
    const rows = this.list.children;
    return /** @type {any} */ (rows[Math.min(this.#indexAt(y), rows.length - 1)] ?? null);
  }

  /** The last row that begins above a height of the screen. @param {number} y @returns {Element | null} */
  before(y) {
    return this.list.children[this.#indexAt(y) - 1] ?? null;
  }

  /** @param {number} y */
  #indexAt(y) {
    const rows = this.list.children;
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const top = (rows[middle].lastElementChild ?? rows[middle]).getBoundingClientRect().top;
      if (top < y - 0.5) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {Element} part */
  #placeOf(part) {
    return part.getBoundingClientRect().top - this.view.getBoundingClientRect().top + this.view.scrollTop;
  }

  #note() {
    this.#top = this.view.scrollTop;
    this.#height = this.view.scrollHeight;
  }
}
