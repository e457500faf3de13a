// The page of people: friends, requests, those I have blocked, and a search for everybody else.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { address, go } from "../router.js";
import { client } from "../session.js";
import { number, t } from "../words.js";

/** How long is waited for the next letter. */
const PAUSE_MS = 250;

/** The tabs with the lists in them. @type {Record<string, string[]>} */
const TABS = { friends: ["friends"], requests: ["incoming", "outgoing"], blocked: ["blocked"] };

class Page extends Element {
  tabs = h("nav", { class: "tabs", "aria-label": t("app.people") });
  content = h("div", { class: "stack people-lists" });
  field = h("input", { type: "search", class: "people-search", "aria-label": t("people.search"), placeholder: t("people.search"), autocomplete: "off", spellcheck: false });
  /** How many wait for my answer. */
  incoming = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;
  #shown = "";

  start() {
    this.field.value = this.query.get("search") ?? "";
    fill(this, h("div", { class: "page" }, h("header", { class: "page-header" }, h("h1", null, t("app.people"))),
      h("div", { class: "field" }, this.field, h("small", null, t("people.search_hint"))), h("div", null, this.tabs, this.content)));
    this.listen(this.field, "input", () => {
      clearTimeout(this.#later);
      this.#later = setTimeout(() => go("/people", this.field.value.trim() ? { search: this.field.value.trim() } : {}, true), PAUSE_MS);
    });
    this.addEventListener("counted", (event) => this.#counted(/** @type {CustomEvent} */ (event)));
    this.addEventListener("answered", () => this.#count());
    this.follow("frame", ({ type, notification }) => {
      if (type === "welcome" || (type === "notification" && notification.kind.startsWith("friend_"))) this.#refresh();
    });
    this.#draw();
    this.#count();
  }

  stop() {
    clearTimeout(this.#later);
  }

  moved() {
    const search = this.query.get("search") ?? "";
    if (search !== this.field.value.trim()) this.field.value = search;
    this.#draw();
    return true;
  }

  get tab() {
    const tab = this.query.get("tab") ?? "";
    return tab in TABS ? tab : "friends";
  }

  #draw() {
    const search = this.query.get("search") ?? "";
    this.#drawTabs(search);
    const now = search ? `found ${search}` : this.tab;
    if (now === this.#shown) return;
    this.#shown = now;
    const kinds = search ? ["found"] : TABS[this.tab];
    fill(this.content, kinds.map((kind) => [
      kinds.length > 1 ? h("h2", null, t(`people.${kind}`)) : null, h("tl-people-list", { kind, search: kind === "found" ? search : "" })]));
  }

  /** @param {string} search */
  #drawTabs(search) {
    const current = search ? "found" : this.tab;
    const tab = (/** @type {string} */ name, /** @type {Record<string, string>} */ query, /** @type {number} */ count = 0) => h("a", {
      href: address("/people", query), "aria-current": name === current ? "page" : null,
    }, t(`people.${name}`), count ? [" ", h("span", { class: "count" }, number(count))] : null);
    fill(this.tabs, search ? tab("found", { search }) : null, tab("friends", {}), tab("requests", { tab: "requests" }, this.incoming), tab("blocked", { tab: "blocked" }));
  }

  /** @param {CustomEvent} event */
  #counted({ target, detail }) {
    if (/** @type {any} */ (target).kind !== "incoming" || detail === this.incoming) return;
    this.incoming = detail;
    this.#drawTabs(this.query.get("search") ?? "");
  }

  async #count() {
    const { total } = await client.rest.get("/friends/requests", { direction: "incoming", limit: 1 }, this.signal).catch(() => ({ total: this.incoming }));
    this.incoming = total;
    if (this.isConnected) this.#drawTabs(this.query.get("search") ?? "");
  }

  #refresh() {
    for (const list of this.content.querySelectorAll("tl-people-list")) /** @type {any} */ (list).refresh();
    this.#count();
  }
}

define("tl-people-page", Page);
