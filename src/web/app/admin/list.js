// A table of what the API lists, page by page. On a phone each row is a card.

import { Element, define } from "../element.js";
import { fill, fillKeyed, h } from "../dom.js";
import { button, iconButton } from "../buttons.js";
import { icon } from "../icons.js";
import { t } from "../words.js";
import { told } from "./parts.js";

/** The API passes over no more. */
const FARTHEST = 10_000;

/**
 * A column. The first one heads its row.
 * @typedef {{label: string, cell: (item: any) => import("../dom.js").Child, class?: string}} Column
 *
 * What a list shows: `load` answers a page, `every` says after how many milliseconds it looks again.
 * @typedef {object} Of
 * @property {string} label
 * @property {Column[]} columns
 * @property {(page: {limit: number, offset: number}, signal: AbortSignal) => Promise<{items: any[], total: number, total_is_exact?: boolean}>} load
 * @property {(item: any) => string} key
 * @property {string} empty
 * @property {number} [size]
 * @property {number} [every]
 */

class AdminList extends Element {
  /** @type {Of} */
  of = /** @type {any} */ (null);
  #offset = 0;
  /** Counts what was asked, so that a slow answer does not come after a later one. */
  #turn = 0;
  /** @type {any} */
  #page = null;
  problem = h("div", { class: "list-problem", role: "status", hidden: true });
  body = h("tbody", { role: "rowgroup" });
  table = h("div", { class: "scrolls", hidden: true });
  nothing = h("p", { class: "empty" });
  newer = h("div", { class: "newer", hidden: true }, button(t("admin.newer"), () => this.#showNewer(), { class: "primary" }));
  range = h("span", { class: "soft", role: "status" });
  back = iconButton("back", t("admin.page_before"), () => this.#turnTo(-1));
  forth = iconButton("forward", t("admin.page_after"), () => this.#turnTo(1));
  pager = h("nav", { class: "pager", hidden: true }, this.range, this.back, this.forth);

  start() {
    this.pager.setAttribute("aria-label", t("admin.pages", { list: this.of.label }));
    fill(this.table, h("table", { class: "table cards", role: "table", "aria-label": this.of.label },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, this.of.columns.map(({ label }) => h("th", { scope: "col", role: "columnheader" }, label)))), this.body));
    fill(this.nothing, t("app.loading"));
    fill(this, this.problem, this.table, this.newer, this.nothing, this.pager);
    this.reload();
    if (!this.of.every) return;
    const timer = setInterval(() => document.hidden || this.reload(true), this.of.every);
    this.signal.addEventListener("abort", () => clearInterval(timer));
    this.listen(document, "visibilitychange", () => document.hidden || this.reload(true));
  }

  get size() {
    return this.of.size ?? 25;
  }

  /** Shows the first page: what is listed is another thing. */
  first() {
    this.#offset = 0;
    return this.reload();
  }

  /** Looks again. @param {boolean} [isByItself] then an answer that is being waited for suffices */
  async reload(isByItself = false) {
    if (isByItself && this.getAttribute("aria-busy") === "true") return;
    const turn = ++this.#turn;
    this.setAttribute("aria-busy", "true");
    try {
      const page = await this.of.load({ limit: this.size, offset: this.#offset }, this.signal);
      if (turn !== this.#turn) return;
      // The last page may have ended meanwhile.
      if (!page.items.length && this.#offset > 0) {
        this.#offset = Math.max(0, this.#offset - this.size);
        return void this.reload();
      }
      this.#page = page;
      this.problem.hidden = true;
      if (isByItself && this.body.matches(":hover, :focus-within")) this.#refresh();
      else this.#draw();
    } catch (error) {
      if (turn === this.#turn && this.isConnected) this.#fail(error);
    } finally {
      if (turn === this.#turn) this.removeAttribute("aria-busy");
    }
  }

  /** @param {any} error */
  #fail(error) {
    const isRefused = error?.status === 403;
    fill(this.problem, icon(isRefused ? "lock" : "warning", 18), h("span", { class: "grow" }, told(error)),
      isRefused ? null : button(t("app.retry"), () => this.reload()));
    this.problem.hidden = false;
    if (!this.#page) this.nothing.hidden = true;
  }

  /** Brings the rows that are there up to date: none moves under the pointer, or away from the focus. */
  #refresh() {
    const rows = /** @type {HTMLElement[]} */ ([...this.body.children]);
    const items = new Map(this.#page.items.map((/** @type {any} */ item) => [this.of.key(item), item]));
    for (const row of rows) if (items.has(row.dataset.key)) this.#fillRow(row, items.get(row.dataset.key));
    this.newer.hidden = rows.map((row) => row.dataset.key).join() === [...items.keys()].join();
  }

  #showNewer() {
    this.#draw();
    /** @type {HTMLElement | null} */ (this.body.querySelector("button, a"))?.focus({ preventScroll: true });
  }

  #draw() {
    this.newer.hidden = true;
    const { items, total } = this.#page;
    this.table.hidden = items.length === 0;
    this.nothing.hidden = items.length > 0;
    fill(this.nothing, this.of.empty);
    fillKeyed(this.body, items, this.of.key, (item) => this.#fillRow(h("tr", { role: "row" }), item), (row, item) => this.#fillRow(row, item));
    this.pager.hidden = total <= this.size && this.#page.total_is_exact !== false;
    const [from, to] = [this.#offset + 1, this.#offset + items.length];
    fill(this.range, t(this.#page.total_is_exact === false ? "admin.range_of_many" : "admin.range", { from, to, total }));
    this.back.disabled = this.#offset === 0;
    this.forth.disabled = (to >= total && this.#page.total_is_exact !== false) || this.#offset + this.size > FARTHEST;
  }

  /** @param {HTMLElement} row @param {any} item */
  #fillRow(row, item) {
    const now = JSON.stringify(item);
    if (row.dataset.shown === now) return row;
    row.dataset.shown = now;
    const focused = [...row.querySelectorAll("button, a, summary, input")].indexOf(/** @type {HTMLElement} */ (document.activeElement));
    fill(row, this.of.columns.map(({ label, cell, class: kind }, at) => at === 0
      ? h("th", { scope: "row", role: "rowheader", class: kind }, cell(item))
      : h("td", { role: "cell", class: kind, dataset: { label } }, h("div", null, cell(item)))));
    if (focused >= 0) /** @type {HTMLElement} */ ([...row.querySelectorAll("button, a, summary, input")][focused])?.focus();
    return row;
  }

  /** @param {1 | -1} by */
  async #turnTo(by) {
    this.#offset = Math.max(0, this.#offset + by * this.size);
    await this.reload();
    if (this.forth.disabled && by === 1) this.back.focus();
    if (this.back.disabled && by === -1) this.forth.focus();
    this.table.scrollIntoView({ block: "nearest" });
  }
}

define("tl-admin-list", AdminList);

/** A list. @param {Of} of @returns {AdminList} */
export function listOf(of) {
  return /** @type {AdminList} */ (h("tl-admin-list", { of }));
}
