// A list of people, page by page: friends, requests, those I have blocked, or those a search has found.

import { avatarOf } from "../avatar.js";
import { button, iconButton } from "../buttons.js";
import { sentence } from "../dialogs.js";
import { Element, define } from "../element.js";
import { fill, fillKeyed, h } from "../dom.js";
import { icon } from "../icons.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { day, t } from "../words.js";
import { drawPresence, presenceOf } from "./presence.js";
import { befriend, end, unblock, write } from "./relations.js";

const PAGE = 50;

/**
 * What a list holds.
 * @typedef {object} Kind
 * @property {string} path
 * @property {Record<string, unknown>} [query]
 * @property {string} empty the words where nobody is in it
 * @property {(item: any) => string} [note] what stands below the name
 * @property {[string, string, (user: any) => Promise<unknown>, string?][]} actions picture, words, what is done, and how the button looks
 */

/** @type {Record<string, Kind>} */
const KINDS = {
  friends: { path: "/friends", empty: "people.no_friends", actions: [["comment", "people.write", write]] },
  incoming: {
    path: "/friends/requests", query: { direction: "incoming" }, empty: "people.no_incoming", note: (item) => day(item.created_at),
    actions: [["", "people.accept", befriend, "primary"], ["", "people.decline", end]],
  },
  outgoing: {
    path: "/friends/requests", query: { direction: "outgoing" }, empty: "people.no_outgoing", note: (item) => day(item.created_at),
    actions: [["", "people.withdraw", end]],
  },
  blocked: {
    path: "/blocks", empty: "people.no_blocked", note: (item) => t("people.blocked_since", { day: day(item.since) }),
    actions: [["", "people.unblock", unblock]],
  },
  found: { path: "/users", empty: "people.none_found", actions: [["comment", "people.write", write]] },
};

/** `<tl-people-list>` with a `kind` and a `search`; tells `counted`, and `answered` when somebody went out of it. */
class List extends Element {
  kind = "friends";
  search = "";
  /** @type {any[]} */
  items = [];
  total = 0;
  #fetches = 0;
  rows = h("ul", { class: "rows people-rows" });
  empty = h("div", { class: "empty" });
  more = button(t("app.more"), () => this.#load(this.items.length), { class: "quiet", hidden: true });

  start() {
    fill(this, this.rows, this.empty, h("div", { class: "inline people-more" }, this.more));
    fill(this.empty, h("p", null, t("app.loading")));
    this.follow("change", (of) => of === null && this.#drawPresences());
    this.follow("frame", ({ type }) => type === "welcome" && this.refresh());
    this.#load(0);
  }

  /** Fetches the list again, as far as it was shown. */
  refresh() {
    this.#load(0, Math.min(100, Math.max(PAGE, this.items.length)));
  }

  /** @param {number} offset @param {number} [limit] */
  async #load(offset, limit = PAGE) {
    const fetch = ++this.#fetches;
    const { path, query } = KINDS[this.kind];
    this.more.disabled = true;
    try {
      const page = await client.rest.get(path, { ...query, search: this.search || undefined, offset, limit });
      if (fetch !== this.#fetches || !this.isConnected) return;
      const items = page.items.map((/** @type {any} */ item) => (item.user ? item : { user: item }));
      const known = new Set(offset ? this.items.map(({ user }) => user.id) : []);
      this.items = [...(offset ? this.items : []), ...items.filter((/** @type {any} */ { user }) => !known.has(user.id))];
      this.total = page.total;
      this.more.hidden = items.length < limit;
      this.draw();
      // Only of those who tell it to me anything is heard.
      client.watch(items.filter((/** @type {any} */ { user }) => user.last_online_at !== undefined).map((/** @type {any} */ { user }) => user.id));
    } catch (error) {
      if (fetch === this.#fetches && !this.items.length) fill(this.empty, h("p", null, sentence(error)), button(t("app.retry"), () => this.refresh()));
    } finally {
      this.more.disabled = false;
    }
  }

  draw() {
    fillKeyed(this.rows, this.items, ({ user }) => user.id, (item) => this.#row(item), (row, item) => this.#update(row, item));
    this.empty.hidden = this.items.length > 0;
    if (!this.items.length) fill(this.empty, icon("people", 32), h("p", null, t(KINDS[this.kind].empty)));
    this.tell("counted", this.total);
  }

  /** @param {any} item */
  #row(item) {
    const { user } = item;
    const { note, actions } = KINDS[this.kind];
    const isSelf = user.id === client.userId;
    const below = h("div", { class: "soft person-below" }, h("bdi", { dir: "ltr" }, `@${user.username}`), note ? h("span", null, note(item)) : presenceOf(user));
    const link = h("a", { class: "person-link", href: address(`/people/${user.id}`) }, h("span", { class: "person-name" }, user.name), isSelf ? h("span", { class: "chip" }, t("people.you")) : null);
    return h("li", null, avatarOf(user), h("div", { class: "grow" }, link, below),
      isSelf ? null : h("div", { class: "inline person-actions" }, actions.map((action) => this.#action(user, action))));
  }

  /** @param {HTMLElement} row @param {any} item */
  #update(row, { user }) {
    const place = row.querySelector(".presence");
    if (place) drawPresence(place, user);
    fill(/** @type {Element} */ (row.querySelector(".person-name")), user.name);
  }

  /** @param {any} user @param {Kind["actions"][0]} action */
  #action(user, [picture, words, run, look]) {
    const work = async (/** @type {MouseEvent} */ event) => {
      const pressed = /** @type {HTMLButtonElement} */ (event.currentTarget);
      pressed.disabled = true;
      const isDone = await run(user);
      pressed.disabled = false;
      if (isDone && !picture) this.#gone(user);
    };
    if (picture) return iconButton(picture, t(`${words}_to`, { name: user.name }), work);
    return button(t(words), work, { class: look ?? "", "aria-label": `${t(words)}: ${user.name}` });
  }

  /** Somebody has been dealt with. @param {any} user */
  #gone(user) {
    const at = this.items.findIndex((item) => item.user.id === user.id);
    this.items = this.items.filter((item) => item.user.id !== user.id);
    this.total = Math.max(0, this.total - 1);
    this.draw();
    const next = this.rows.children[Math.min(at, this.items.length - 1)]?.querySelector("a") ?? this.closest("tl-people-page")?.querySelector("[aria-current]");
    /** @type {HTMLElement | null | undefined} */ (next)?.focus();
    this.tell("answered");
  }

  #drawPresences() {
    for (const { user } of this.items) {
      const place = this.rows.querySelector(`[data-key="${user.id}"] .presence`);
      if (place) drawPresence(place, user);
    }
  }
}

define("tl-people-list", List);
