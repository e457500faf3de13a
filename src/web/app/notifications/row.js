// One notification in the list: what it says, where it leads, and what can be done at once.

import { avatarOf } from "../avatar.js";
import { button, iconButton } from "../buttons.js";
import { attempt } from "../dialogs.js";
import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { t, time, whole } from "../words.js";
import { describe } from "./kinds.js";

/** `<tl-notification>`; tells `seen`, `removed` and `answered`. */
class Row extends Element {
  /** @type {any} */
  item = null;
  /** Whether the friend request that it tells of still stands. */
  stands = false;
  /** @type {string | null} */
  picture = null;
  #drawn = "";

  start() {
    this.setAttribute("role", "listitem");
    this.draw();
  }

  /** @param {any} item @param {boolean} stands @param {string | null} picture */
  show(item, stands, picture) {
    Object.assign(this, { item, stands, picture });
    if (this.isConnected) this.draw();
    return this;
  }

  draw() {
    const { item, stands } = this;
    const isUnread = item.read_at === null;
    const said = describe(item);
    const now = JSON.stringify([isUnread, stands, this.picture, said]);
    if (now === this.#drawn) return;
    this.#drawn = now;
    this.classList.toggle("unread", isUnread);
    const hadFocus = /** @type {HTMLElement | null} */ (this.contains(document.activeElement) ? document.activeElement : null)?.dataset.part;
    const mark = isUnread ? h("span", { class: "unread-mark" }, h("span", { class: "visually-hidden" }, t("notifications.unread"))) : null;
    const text = said.place
      ? h("a", { href: address(said.place.path, said.place.query), dataset: { part: "link" }, onclick: () => this.tell("seen", item) }, said.text)
      : h("span", null, said.text);
    fill(this, this.#picture(said), h("div", { class: "grow stack notification-text" }, h("div", null, mark, text),
      h("time", { dateTime: item.created_at, title: whole(item.created_at), class: "soft" }, time(item.created_at)), this.#answers(said)), this.#tools(isUnread));
    if (hadFocus) /** @type {HTMLElement | null} */ (this.querySelector(`[data-part="${hadFocus}"]`) ?? this.querySelector("[data-part]"))?.focus();
  }

  /** @param {import("./kinds.js").Description} said */
  #picture({ icon: name }) {
    const { sender } = this.item;
    if (!sender) return h("span", { class: "notification-icon", "aria-hidden": "true" }, icon(name, 22));
    const badge = h("span", { class: "notification-badge", "aria-hidden": "true" }, icon(name, 12));
    return h("span", { class: "notification-person" }, avatarOf({ ...sender, avatar_url: this.picture }), badge);
  }

  /** @param {import("./kinds.js").Description} said */
  #answers({ place }) {
    const { kind, data, sender } = this.item;
    if (kind === "friend_request" && this.stands) {
      return h("div", { class: "inline" },
        button(t("notifications.accept"), () => this.#answer(() => client.rest.post("/friends", { user_id: sender.id })), { class: "primary" }),
        button(t("notifications.decline"), () => this.#answer(() => client.rest.delete(`/friends/${sender.id}`))));
    }
    if (kind === "place_free" && place && Date.parse(data.held_until) > Date.now()) {
      return h("div", null, h("a", { class: "button primary", href: address(place.path), onclick: () => this.tell("seen", this.item) }, t("notifications.take_it")));
    }
    return null;
  }

  /** @param {() => Promise<unknown>} work */
  async #answer(work) {
    for (const each of this.querySelectorAll("button")) each.disabled = true;
    const isDone = await attempt(work);
    for (const each of this.querySelectorAll("button")) each.disabled = false;
    if (isDone) this.tell("answered", this.item);
  }

  /** @param {boolean} isUnread */
  #tools(isUnread) {
    return h("div", { class: "notification-tools" },
      isUnread ? iconButton("check", t("notifications.mark_read"), () => this.tell("seen", this.item), { dataset: { part: "read" } }) : null,
      iconButton("trash", t("app.delete"), () => this.tell("removed", this.item), { dataset: { part: "delete" } }));
  }
}

define("tl-notification", Row);
