// My chats: `<tl-chat-list>`.

import { Element, define } from "../element.js";
import { button, iconButton } from "../buttons.js";
import { drafts } from "../composer/drafts.js";
import { attempt, openDialog } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { lazy } from "../pages.js";
import { address, go } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { mutes } from "./mutes.js";
import { names } from "./names.js";
import { FILTERS, Order } from "./order.js";
import { listenToPresses } from "./press.js";
import { Rows } from "./rows.js";
import { makeRow, updateRow } from "./row.js";

/** Where so many chats have changed at once, all are looked at. */
const MANY = 20;

/** `<tl-chat-list>`; `current` is the id of the chat that is shown beside it. */
export class ChatList extends Element {
  order = new Order();
  #current = "";
  /** @type {Set<string>} */
  #changed = new Set();
  #isAllChanged = false;
  #isWaiting = false;
  /** @type {Set<string>} */
  #watched = new Set();
  heading = h("h1", null, t("app.chats"));
  field = h("input", {
    type: "search", placeholder: t("chats.find"), "aria-label": t("chats.find"), autocomplete: "off", spellcheck: false, class: "chat-find",
    oninput: () => this.#refilter(), onkeydown: (/** @type {KeyboardEvent} */ event) => this.#keyInField(event),
  });
  filters = h("div", { class: "chat-filters", role: "group", "aria-label": t("chats.filter") });
  note = h("div", { class: "chat-note", role: "status" });
  /** @type {Rows<any>} */
  rows = new Rows(t("app.chats"), 4.5, {
    make: (chat) => makeRow(chat, (id, row) => this.#openMenu(id, row)),
    update: (row, chat, isStop) => updateRow(row, chat, { isCurrent: chat.id === this.#current, isStop }),
    after: (seen) => this.#watch(seen),
  });

  start() {
    const tools = [iconButton("compass", t("chats.discover"), () => go("/discover")), iconButton("plus", t("chats.new"), () => void openNewChat())];
    fill(this.filters, Object.keys(FILTERS).map((name) => h("button", {
      type: "button", "aria-pressed": String(name === this.order.filter), onclick: () => this.#choose(name), dataset: { filter: name },
    }, t(`chats.${name}`))));
    fill(this, h("header", { class: "chat-list-header" }, this.heading, tools), h("div", { class: "chat-list-tools" }, this.field, this.filters), this.note, this.rows.element);
    this.follow("change", (id) => this.#later(id));
    this.follow("state", () => this.#later(null));
    this.listen(drafts, "drafts", ({ detail }) => this.#later(detail.chat_id));
    this.listen(mutes, "mutes", ({ detail }) => this.#later(detail.chat_id));
    this.listen(names, "names", () => this.rows.later());
    this.listen(window, "resize", () => this.rows.later());
    this.#listenToPointer();
    this.listen(this.rows.list, "keydown", (event) => this.#keyInList(event));
    listenToPresses(this.rows.list, (target) => {
      const row = /** @type {HTMLElement | null} */ (target.closest("li"));
      if (row) this.#openMenu(row.dataset.key ?? "", row);
      return !!row;
    });
    this.#isAllChanged = true;
    this.#draw();
  }

  /** @param {string} id */
  set current(id) {
    if (id === this.#current) return;
    this.#current = id;
    // There is one first heading: that of the chat, where one is shown.
    this.heading.ariaLevel = id ? "2" : "1";
    if (!this.isConnected) return;
    if (!this.rows.list.contains(document.activeElement)) this.rows.focused = id;
    const at = this.rows.items.findIndex((chat) => chat.id === id);
    if (at >= 0) this.rows.reveal(at);
    this.rows.draw();
  }

  /** While the pointer is there nothing moves below it. Whoever types elsewhere is not about to click. */
  #listenToPointer() {
    const { element } = this.rows;
    const hold = () => this.rows.items.length > 0 && this.order.hold(this.rows.items);
    const letGo = () => this.order.letGo() && this.#later("");
    for (const name of ["pointerenter", "pointermove", "pointerdown"]) this.listen(element, name, hold, { passive: true });
    for (const name of ["pointerleave", "pointercancel"]) this.listen(element, name, letGo);
    this.listen(document, "keydown", ({ target }) => !element.contains(target) && letGo());
  }

  /** Draws before the next picture, once for all that has changed. @param {string | null} id */
  #later(id) {
    if (id === null) this.#isAllChanged = true;
    else this.#changed.add(id);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      if (this.isConnected) this.#draw();
    });
  }

  #draw() {
    const changed = this.#changed;
    if (this.#isAllChanged || changed.size > MANY) this.order.replace(client.chats);
    else for (const id of changed) if (id) this.order.put(id, rowOf(id));
    this.#changed = new Set();
    this.#isAllChanged = false;
    // Who reads a chat in the list of unread ones goes on seeing it there.
    const kept = new Set(this.order.filter === "unread" ? this.rows.items.filter(({ id }) => id === this.#current).map(({ id }) => id) : []);
    this.rows.show(this.order.shown(kept), changed);
    this.#drawNote();
  }

  #drawNote() {
    const isLoading = !this.order.size && !client.isListed;
    const kind = isLoading ? "loading" : !this.order.size ? "first" : this.rows.items.length ? "" : this.order.text.trim() ? "none" : `no_${this.order.filter}`;
    if (this.note.dataset.kind === kind) return;
    this.note.dataset.kind = kind;
    const discover = h("a", { class: "button", href: address("/discover") }, t("chats.discover"));
    if (isLoading) fill(this.note, h("span", { class: "visually-hidden" }, t("app.loading")), Array.from({ length: 6 }, () => h("div", { class: "chat-skeleton" })));
    else if (kind === "first") {
      fill(this.note, h("p", null, t("chats.first")), button(t("chats.new"), () => void openNewChat(), { class: "primary" }), discover,
        h("a", { class: "button", href: address("/people") }, t("chats.find_people")));
    } else fill(this.note, kind ? h("p", null, t(`chats.${kind}`)) : null, kind === "none" ? discover : null);
  }

  /** @param {string} name */
  #choose(name) {
    this.order.filter = name;
    for (const each of /** @type {Iterable<HTMLElement>} */ (this.filters.children)) each.setAttribute("aria-pressed", String(each.dataset.filter === name));
    this.rows.items = [];
    this.#refilter();
  }

  #refilter() {
    this.order.text = this.field.value;
    this.order.letGo();
    this.rows.element.scrollTop = 0;
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #keyInField(event) {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.rows.focus(0);
    } else if (event.key === "Enter" && this.rows.items[0] && !event.isComposing) {
      go(`/chats/${this.rows.items[0].id}`);
    } else if (event.key === "Escape" && this.field.value) {
      event.preventDefault();
      this.field.value = "";
      this.#refilter();
    }
  }

  /** @param {KeyboardEvent} event */
  #keyInList(event) {
    if (event.key === "ArrowUp" && this.rows.items[0]?.id === this.rows.focused && !event.altKey) {
      event.preventDefault();
      this.field.focus();
    } else this.rows.key(event);
  }

  /** @param {string} id @param {HTMLElement} row */
  #openMenu(id, row) {
    void attempt(async () => {
      const [, { openChatMenu }] = /** @type {any} */ (await lazy.chatMenu());
      openChatMenu(id, /** @type {HTMLElement} */ (row.lastElementChild));
    });
  }

  /** Asks who of those that are seen is online. @param {any[]} seen */
  #watch(seen) {
    const ids = seen.map(({ peer }) => peer?.user_id).filter((id) => id && !this.#watched.has(id));
    if (!ids.length) return;
    for (const id of ids) this.#watched.add(id);
    client.watch(ids);
  }
}

/** What the list shows of a chat; null where it is gone. @param {string} id */
function rowOf(id) {
  const chat = client.chat(id);
  if (!chat) return null;
  const { messages, members, ...row } = chat;
  return row;
}

/** Opens the dialog that makes chats. */
export async function openNewChat() {
  if (await attempt(lazy.newChat)) openDialog(t("chats.new"), (dialog) => h("tl-new-chat", { ondone: () => dialog.close("done") }));
}

define("tl-chat-list", ChatList);
