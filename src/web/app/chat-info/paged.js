// A list of the server's, page by page.

import { button } from "../buttons.js";
import { sentence } from "../dialogs.js";
import { fill, fillKeyed, h } from "../dom.js";
import { client } from "../session.js";
import { t } from "../words.js";

/** How many are asked for at once. */
const PAGE = 20;

/**
 * @template I
 * @typedef {object} PagedOptions
 * @property {string} path
 * @property {() => Record<string, any>} [query]
 * @property {(item: I) => string} keyOf
 * @property {(item: I) => import("../dom.js").Child[]} row what a row holds
 * @property {string} empty what is said where there is nothing
 * @property {string} [kind] a class of the list
 * @property {(total: number) => void} [onTotal]
 */

/** @template I */
export class Paged {
  /** @type {I[]} */
  items = [];
  total = 0;
  #offset = 0;
  #asked = 0;
  list;
  note = h("p", { class: "soft", role: "status" });
  more = button(t("app.more"), () => void this.load(true), { hidden: true });

  /** @param {PagedOptions<I>} options */
  constructor(options) {
    this.options = options;
    this.list = h("ul", { class: options.kind ?? "rows" });
    this.element = h("div", { class: "info-list" }, this.list, this.note, this.more);
  }

  /** Whether all there are are here. */
  get isWhole() {
    return this.items.length >= this.total;
  }

  /** Loads the first page, or one more. */
  async load(isMore = false) {
    const asked = ++this.#asked;
    const offset = isMore ? this.#offset : 0;
    this.more.disabled = true;
    if (!this.items.length) this.note.textContent = t("app.loading");
    try {
      const page = await client.rest.get(this.options.path, { ...this.options.query?.(), limit: PAGE, offset });
      // The answer to an older question comes too late.
      if (asked !== this.#asked) return;
      const known = new Set(isMore ? this.items.map(this.options.keyOf) : []);
      this.items = [...(isMore ? this.items : []), ...page.items.filter((/** @type {I} */ item) => !known.has(this.options.keyOf(item)))];
      this.#offset = offset + page.items.length;
      this.total = page.items.length < PAGE ? this.items.length : page.total;
      this.draw();
    } catch (error) {
      if (asked === this.#asked) fill(this.note, sentence(error), " ", button(t("app.retry"), () => void this.load(isMore)));
    } finally {
      if (asked === this.#asked) this.more.disabled = false;
    }
  }

  draw() {
    this.note.textContent = this.items.length ? "" : this.options.empty;
    this.more.hidden = this.isWhole;
    /** @param {HTMLElement} element @param {I} item */
    const show = (element, item) => {
      const shown = JSON.stringify(item);
      if (element.dataset.shown === shown) return element;
      const had = element.contains(document.activeElement);
      element.dataset.shown = shown;
      fill(element, this.options.row(item));
      if (had) element.querySelector("button")?.focus();
      return element;
    };
    fillKeyed(this.list, this.items, this.options.keyOf, (item) => show(h("li", null), item), show);
    this.options.onTotal?.(this.total);
  }

  /** Puts an item in the place of the one with its key, or at the end. @param {I} item */
  put(item) {
    const key = this.options.keyOf(item);
    const at = this.items.findIndex((each) => this.options.keyOf(each) === key);
    if (at >= 0) this.items[at] = item;
    else {
      this.total += 1;
      this.#offset += 1;
      this.items.push(item);
    }
    this.draw();
  }

  /** Puts a new item at the beginning. @param {I} item */
  add(item) {
    this.items.unshift(item);
    this.total += 1;
    this.#offset += 1;
    this.draw();
  }

  /** Takes one out; the focus goes to its neighbour. @param {string} key */
  remove(key) {
    const at = this.items.findIndex((item) => this.options.keyOf(item) === key);
    if (at < 0) return;
    const had = this.list.contains(document.activeElement) || document.activeElement === document.body;
    this.items.splice(at, 1);
    this.total -= 1;
    this.#offset -= 1;
    this.draw();
    const next = this.list.children[Math.min(at, this.list.children.length - 1)];
    if (had) /** @type {HTMLElement | null | undefined} */ (next?.querySelector("button, a"))?.focus();
  }
}

/**
 * A part of the panel that is loaded when it is opened.
 * @param {string} title @param {() => import("../dom.js").Child} open makes what it holds
 */
export function folded(title, open) {
  const body = h("div", { class: "info-fold stack" });
  const element = h("details", { class: "info-section" }, h("summary", null, h("h3", null, title)), body);
  element.addEventListener("toggle", () => element.open && !body.childElementCount && fill(body, open()));
  return element;
}
