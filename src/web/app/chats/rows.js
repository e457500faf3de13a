// A long list of which only the rows that can be seen are in the page. All rows have the same height.

import { h } from "../dom.js";

/** How many rows more there are on each side than can be seen. */
const BESIDE = 6;

/** @template {{id: string}} I */
export class Rows {
  /** @type {I[]} */
  items = [];
  /** @type {Map<string, HTMLElement>} */
  #elements = new Map();
  #isWaiting = false;
  #height = 0;
  /** The item that has the focus: it stays in the page wherever the list is scrolled to. */
  focused = "";

  /**
   * @param {string} label
   * @param {number} rem the height of a row
   * @param {{make: (item: I) => HTMLElement, update: (element: HTMLElement, item: I, isStop: boolean) => void, after: (items: I[]) => void}} of
   */
  constructor(label, rem, of) {
    this.of = of;
    this.rem = rem;
    this.list = h("ul", { "aria-label": label });
    this.element = h("div", { class: "rows-window" }, this.list);
    this.element.addEventListener("scroll", () => this.later(), { passive: true });
    this.list.addEventListener("focusin", ({ target }) => {
      this.focused = /** @type {HTMLElement} */ (target).closest("li")?.dataset.key ?? "";
      this.later();
    });
  }

  /** The height of a row, in pixels. */
  get row() {
    return (this.#height ||= this.rem * parseFloat(getComputedStyle(document.documentElement).fontSize));
  }

  /** The items that can be seen: from, and up to. */
  get #range() {
    const from = Math.floor(this.element.scrollTop / this.row);
    return [from, Math.min(this.items.length, from + Math.ceil((this.element.clientHeight || 800) / this.row) + 1)];
  }

  /**
   * Shows these items. Where the list is scrolled down, what is seen stays where it is.
   * @param {I[]} items @param {Set<string>} [moved] those that may have another place
   */
  show(items, moved = new Set()) {
    const before = this.items;
    const top = this.element.scrollTop;
    this.items = items;
    this.list.style.setProperty("height", `${items.length * this.row}px`);
    if (top > this.row / 2) {
      const at = before.findIndex(({ id }, place) => place >= Math.ceil(top / this.row) && !moved.has(id));
      const now = at < 0 ? -1 : items.findIndex(({ id }) => id === before[at].id);
      if (now >= 0 && now !== at) this.element.scrollTop = top + (now - at) * this.row;
    }
    this.draw();
  }

  /** Draws before the next picture. */
  later() {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      this.draw();
    });
  }

  /** Draws the rows that can be seen. */
  draw() {
    const [from, to] = this.#range;
    const seen = this.items.slice(from, to);
    const held = this.list.contains(document.activeElement) ? this.items.findIndex(({ id }) => id === this.focused) : -1;
    const stop = this.#stop(seen, held);
    const wanted = [...range(Math.max(0, from - BESIDE), Math.min(this.items.length, to + BESIDE))];
    if (held >= 0 && !wanted.includes(held)) wanted.push(held);
    const gone = new Map(this.#elements);
    for (const at of wanted) {
      const item = this.items[at];
      let element = this.#elements.get(item.id);
      if (element) gone.delete(item.id);
      else {
        element = this.of.make(item);
        element.dataset.key = item.id;
        this.#elements.set(item.id, element);
        this.list.append(element);
      }
      this.of.update(element, item, item.id === stop);
      this.#place(element, at);
    }
    for (const [id, element] of gone) {
      this.#elements.delete(id);
      element.remove();
    }
    this.of.after(seen);
  }

  /** Where Tab comes to: the row with the focus, the one that is chosen, or the first that is seen. @param {I[]} seen @param {number} held */
  #stop(seen, held) {
    if (held >= 0) return this.focused;
    return (seen.find(({ id }) => id === this.focused) ?? seen[0])?.id;
  }

  /** @param {HTMLElement} element @param {number} at */
  #place(element, at) {
    const before = element.dataset.at;
    if (before !== String(at)) {
      element.dataset.at = String(at);
      element.style.setProperty("transform", `translateY(${at * this.row}px)`);
      element.setAttribute("aria-posinset", String(at + 1));
    }
    const size = String(this.items.length);
    if (element.getAttribute("aria-setsize") !== size) element.setAttribute("aria-setsize", size);
  }

  /** Moves the focus to an item. @param {number} at */
  focus(at) {
    const item = this.items[Math.max(0, Math.min(this.items.length - 1, at))];
    if (!item) return;
    this.reveal(this.items.indexOf(item));
    this.focused = item.id;
    this.draw();
    /** @type {HTMLElement | null | undefined} */ (this.#elements.get(item.id)?.querySelector("a"))?.focus({ preventScroll: true });
  }

  /** Scrolls so far that an item is seen. @param {number} at */
  reveal(at) {
    const { element } = this;
    if (at * this.row < element.scrollTop) element.scrollTop = at * this.row;
    else if ((at + 1) * this.row > element.scrollTop + element.clientHeight) element.scrollTop = (at + 1) * this.row - element.clientHeight;
  }

  /** Listens to the keys that move through the list. @param {KeyboardEvent} event */
  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || !this.items.length) return;
    const at = this.items.findIndex(({ id }) => id === this.focused);
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.row) - 1);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.items.length - 1, PageDown: at + page, PageUp: at - page }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.focus(to);
  }
}

/** @param {number} from @param {number} to */
function* range(from, to) {
  for (let at = from; at < to; at += 1) yield at;
}
