// Lists that are fetched page by page.

import { Element, define } from "./element.js";
import { button } from "./buttons.js";
import { fill } from "./dom.js";
import { tellError } from "./dialogs.js";
import { client } from "./session.js";
import { t } from "./words.js";

/**
 * What is known of a list. The next page begins behind the last item and not behind a number of them: whatever comes or goes
 * meanwhile, nothing is missing and nothing is there twice.
 */
export class Pages {
  /** @type {any[]} */
  items = [];
  /** Everybody whose id stands in the items. @type {Map<string, any>} */
  people = new Map();
  /** How many there are, as the first page told; null before. @type {number | null} */
  total = null;
  /** Whether there are more than `total` says. */
  isMore = false;
  /** Whether everything is here. */
  isWhole = false;

  /**
   * @param {string} path below `/api/v1`
   * @param {Record<string, unknown>} query
   * @param {{by?: string, isDown?: boolean, limit?: number, timeOf?: (item: any) => string}} [order]
   * the time by which the list is sorted, `created_at`; without one (`by: ""`) pages are counted
   */
  constructor(path, query = {}, { by = "created_at", isDown = false, limit = 20, timeOf = (item) => item[by] } = {}) {
    this.path = path;
    this.query = query;
    this.by = by;
    this.isDown = isDown;
    this.limit = limit;
    this.timeOf = timeOf;
  }

  /** Fetches the next page; answers what it added. @param {AbortSignal} [signal] @returns {Promise<any[]>} */
  async more(signal) {
    const isFirst = this.total === null;
    const answer = await client.rest.get(this.path, { include: "users", limit: this.limit, ...this.query, ...this.#place() }, signal);
    if (isFirst) {
      this.total = answer.total;
      this.isMore = answer.total_is_exact === false;
    }
    this.isWhole = answer.items.length < this.limit;
    for (const person of answer.users ?? []) this.people.set(person.id, person);
    const known = new Set(this.items.map(({ id }) => id));
    const added = answer.items.filter((/** @type {any} */ { id }) => id === undefined || !known.has(id));
    this.items.push(...added);
    return added;
  }

  /** Takes an item out. @param {string} id */
  remove(id) {
    const before = this.items.length;
    this.items = this.items.filter((item) => item.id !== id);
    if (this.total !== null && this.items.length < before) this.total -= 1;
  }

  /** Where the next page begins. */
  #place() {
    if (!this.by) return { offset: this.items.length };
    const sort = `${this.isDown ? "-" : ""}${this.by}`;
    const last = this.items.at(-1);
    if (!last) return { sort };
    const at = this.timeOf(last);
    const offset = this.items.filter((item) => this.timeOf(item) === at).length;
    return { sort, [`${this.by}_${this.isDown ? "to" : "from"}`]: at, offset };
  }
}

/** `<tl-more>`: the end of a list. It fetches the next page when it comes into sight, and has a button for when that failed. */
class More extends Element {
  /** Fetches; answers whether there is still more. @type {() => Promise<boolean>} */
  next = async () => false;
  #isBusy = false;

  start() {
    this.button = button(t("app.more"), () => this.#go(true), { class: "quiet" });
    fill(this, this.button);
    const near = { root: this.closest(".page"), rootMargin: "600px" };
    const seen = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && this.#go(false), near);
    seen.observe(this);
    this.signal.addEventListener("abort", () => seen.disconnect());
  }

  /** @param {boolean} isAsked whether a person asked for it, who is told then what did not work */
  async #go(isAsked) {
    if (this.#isBusy || this.hidden || !this.button) return;
    this.#isBusy = this.button.disabled = true;
    try {
      this.hidden = !(await this.next());
      // Where it is still in sight nothing else would tell it so.
      if (!this.hidden && this.isConnected && this.getBoundingClientRect().top < innerHeight + 600) setTimeout(() => this.#go(false), 50);
    } catch (error) {
      if (isAsked) tellError(error);
    } finally {
      this.#isBusy = this.button.disabled = false;
    }
  }
}

define("tl-more", More);

/** The end of a list. @param {() => Promise<boolean>} next fetches; answers whether there is still more */
export function moreOf(next) {
  const element = /** @type {More} */ (document.createElement("tl-more"));
  element.next = next;
  return element;
}
