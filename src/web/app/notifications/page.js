// The page of my notifications: day by day, the newest first, kept up to date.

import { button } from "../buttons.js";
import { attempt, notice, sentence } from "../dialogs.js";
import { Element, define } from "../element.js";
import { fill, fillKeyed, h } from "../dom.js";
import { icon } from "../icons.js";
import { countAnew, markRead } from "../notices.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { day, t } from "../words.js";

const PAGE = 30;
/** The most that one answer holds. */
const MOST = 100;

class Page extends Element {
  /** @type {any[]} */
  items = [];
  hasMore = false;
  /** Who has asked to be my friend and waits for an answer. @type {Set<string>} */
  asking = new Set();
  /** The pictures of senders. @type {Map<string, string | null>} */
  pictures = new Map();
  #fetches = 0;
  list = h("div", { class: "notification-days" });
  more = button(t("app.more"), () => this.#more(), { class: "quiet", hidden: true });
  empty = h("div", { class: "empty", hidden: true });
  allRead = button(t("notifications.all_read"), () => this.#readAll());
  tabs = h("nav", { class: "tabs", "aria-label": t("app.notifications") });

  get isUnreadOnly() {
    return this.query.get("unread") === "true";
  }

  start() {
    fill(this, h("div", { class: "page" }, h("header", { class: "page-header" }, h("h1", null, t("app.notifications")), this.allRead),
      this.tabs, h("div", null, this.list, this.empty, h("div", { class: "inline more" }, this.more))));
    this.addEventListener("seen", (event) => this.#seen(/** @type {CustomEvent} */ (event).detail));
    this.addEventListener("removed", (event) => this.#remove(/** @type {CustomEvent} */ (event).detail));
    this.addEventListener("answered", (event) => this.#answered(/** @type {CustomEvent} */ (event).detail));
    this.follow("frame", (frame) => this.#hear(frame));
    this.#open();
  }

  moved() {
    this.#open();
    return true;
  }

  async #open() {
    fill(this.tabs, [["", "notifications.all"], ["true", "notifications.unread_only"]].map(([unread, words]) => h("a", {
      href: address("/notifications", { unread }), "aria-current": (unread === "true") === this.isUnreadOnly ? "page" : null,
    }, t(words))));
    this.items = [];
    fill(this.empty, h("p", null, t("app.loading")));
    await this.#load(PAGE);
  }

  /** Fetches the newest ones. @param {number} limit */
  async #load(limit) {
    const fetch = ++this.#fetches;
    try {
      const { items } = await this.#page(0, limit);
      if (fetch !== this.#fetches) return;
      this.items = items;
      this.hasMore = items.length === limit;
      this.draw();
    } catch (error) {
      if (fetch === this.#fetches && !this.items.length) this.#tell("warning", sentence(error), button(t("app.retry"), () => this.#open()));
    }
  }

  /** @param {number} offset @param {number} limit */
  async #page(offset, limit) {
    const page = await client.rest.get("/notifications", { unread: this.isUnreadOnly || undefined, offset, limit });
    const isAsked = page.items.some((/** @type {any} */ { kind }) => kind === "friend_request");
    const unknown = new Set(page.items.map((/** @type {any} */ { sender }) => sender?.id).filter((/** @type {any} */ id) => id && !this.pictures.has(id)));
    const [requests, people] = await Promise.all([
      isAsked ? client.rest.get("/friends/requests", { direction: "incoming", limit: MOST }) : null,
      unknown.size ? client.rest.get("/users", { id: [...unknown].join(","), limit: MOST }).catch(() => null) : null,
    ]);
    if (requests) this.asking = new Set(requests.items.map((/** @type {any} */ { user }) => user.id));
    for (const { id, avatar_url } of people?.items ?? []) this.pictures.set(id, avatar_url);
    return page;
  }

  async #more() {
    this.more.disabled = true;
    const fetch = this.#fetches;
    // Those that were read since they were listed do not count among the unread ones.
    const offset = this.isUnreadOnly ? this.items.filter(({ read_at }) => read_at === null).length : this.items.length;
    await attempt(async () => {
      const { items } = await this.#page(offset, PAGE);
      if (fetch !== this.#fetches) return;
      const known = new Set(this.items.map(({ id }) => id));
      const later = items.filter((/** @type {any} */ { id }) => !known.has(id));
      this.items = [...this.items, ...later];
      this.hasMore = items.length === PAGE;
      this.draw();
    });
    this.more.disabled = false;
  }

  draw() {
    /** @type {Map<string, any[]>} */
    const days = new Map();
    for (const item of this.items) {
      const of = day(item.created_at);
      days.set(of, [...(days.get(of) ?? []), item]);
    }
    const update = (/** @type {HTMLElement} */ section, /** @type {[string, any[]]} */ [, items]) => this.#drawDay(section, items);
    fillKeyed(this.list, [...days], ([of]) => of, ([of, items]) => {
      const section = h("section", null, h("h2", null, of), h("div", { class: "rows", role: "list" }));
      this.#drawDay(section, items);
      return section;
    }, update);
    this.more.hidden = !this.hasMore;
    this.empty.hidden = this.items.length > 0;
    this.allRead.disabled = !this.items.some(({ read_at }) => read_at === null);
    if (!this.items.length) this.#tell("bell", t(this.isUnreadOnly ? "notifications.none_unread" : "notifications.none"));
  }

  /** @param {HTMLElement} section @param {any[]} items */
  #drawDay(section, items) {
    const rows = /** @type {Element} */ (section.lastElementChild);
    const show = (/** @type {any} */ row, /** @type {any} */ item) => row.show(item, this.asking.has(item.sender?.id), this.pictures.get(item.sender?.id) ?? null);
    fillKeyed(rows, items, ({ id }) => id, (item) => show(h("tl-notification", null), item), show);
  }

  /** @param {string} picture @param {...import("../dom.js").Child} content */
  #tell(picture, ...content) {
    this.empty.hidden = false;
    fill(this.empty, icon(picture, 32), h("p", null, content[0]), content.slice(1));
  }

  /** @param {any} frame */
  #hear(frame) {
    if (frame.type === "welcome" || frame.type === "notifications_reset") this.#load(Math.min(MOST, Math.max(PAGE, this.items.length)));
    else if (frame.type === "notification") this.#come(frame.notification);
    else if (frame.type === "notifications_read") this.#read(frame);
  }

  /** @param {any} notification */
  async #come(notification) {
    if (this.items.some(({ id }) => id === notification.id)) return;
    const { kind, sender } = notification;
    if (kind === "friend_request" && sender) this.asking.add(sender.id);
    this.items = [notification, ...this.items];
    this.draw();
  }

  /** @param {any} frame */
  #read({ ids, unread_count }) {
    if (!ids.length && unread_count > 0) return this.#load(Math.min(MOST, Math.max(PAGE, this.items.length)));
    this.#mark((item) => unread_count === 0 || ids.includes(item.id));
  }

  /** @param {(item: any) => boolean} which */
  #mark(which) {
    const read_at = new Date().toISOString();
    this.items = this.items.map((item) => (item.read_at === null && which(item) ? { ...item, read_at } : item));
    this.draw();
  }

  /** @param {any} item */
  #seen(item) {
    if (item.read_at !== null) return;
    this.#mark(({ id }) => id === item.id);
    attempt(() => markRead(item.id));
  }

  /** @param {any} item */
  #answered(item) {
    this.asking.delete(item.sender.id);
    this.#seen(item);
    this.draw();
  }

  async #readAll() {
    this.allRead.disabled = true;
    if (await attempt(() => client.rest.put("/notifications/read"))) this.#mark(() => true);
    else this.draw();
  }

  /** @param {any} item */
  async #remove(item) {
    const at = this.items.findIndex(({ id }) => id === item.id);
    const isGone = await attempt(() => client.rest.delete(`/notifications/${item.id}`).catch((error) => {
      if (error.status !== 404) throw error;
    }));
    if (!isGone) return;
    this.items = this.items.filter(({ id }) => id !== item.id);
    this.draw();
    const next = this.items[Math.min(at, this.items.length - 1)];
    const focused = next ? this.list.querySelector(`[data-key="${next.id}"] [data-part="delete"]`) : this.querySelector(".tabs a");
    /** @type {HTMLElement | null} */ (focused)?.focus();
    notice(t("notifications.removed"));
    // Nobody tells that an unread one is gone.
    if (item.read_at === null) countAnew().catch(() => {});
  }
}

define("tl-notifications-page", Page);
