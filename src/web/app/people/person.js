// The page of one person: who they are, and what can be done with each other.

import { avatarOf } from "../avatar.js";
import { button } from "../buttons.js";
import { sentence } from "../dialogs.js";
import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { dateTime, day, t } from "../words.js";
import { drawPresence, presenceOf } from "./presence.js";
import { befriend, block, end, relationTo, unblock, unfriend, write } from "./relations.js";

/** Where else people are reached, with how it is written. @type {[string, string][]} */
const CONTACTS = [["github", "GitHub"], ["wechat", "WeChat"], ["qq", "QQ"]];

class Person extends Element {
  /** @type {any} */
  user = null;
  /** @type {import("./relations.js").Relation} */
  relation = { kind: "none" };
  #loads = 0;
  /** The chat of the two of us, where there is one. @type {any} */
  #chat = null;
  content = h("div", { class: "person-content" });

  start() {
    const back = h("a", { class: "button quiet person-back", href: address("/people") }, icon("back", 18), t("app.people"));
    fill(this, h("div", { class: "page" }, h("div", { class: "person-top" }, back), this.content));
    this.follow("change", (of) => this.#change(of));
    this.follow("frame", ({ type, notification }) => {
      const isAboutUs = type === "notification" && notification.sender?.id === this.params.user_id && notification.kind.startsWith("friend_");
      if (type === "welcome" || isAboutUs) this.#load();
    });
    this.#open();
  }

  moved() {
    this.#open();
    return true;
  }

  #open() {
    this.user = null;
    fill(this.content, h("h1", { class: "visually-hidden" }, t("people.person")), h("p", { class: "empty" }, t("app.loading")));
    this.#load();
  }

  async #load() {
    const load = ++this.#loads;
    const { signal } = this;
    try {
      const user = await client.rest.get(`/users/${encodeURIComponent(this.params.user_id)}`, {}, signal);
      const relation = await relationTo(user, signal);
      if (load !== this.#loads) return;
      Object.assign(this, { user, relation });
      if (user.last_online_at !== undefined && relation.kind !== "self") client.watch([user.id]);
      this.draw();
    } catch (error) {
      if (load === this.#loads && !signal.aborted) this.#fail(error);
    }
  }

  /** @param {any} error */
  #fail(error) {
    const isGone = error.status === 404 || error.status === 400;
    if (!isGone && this.user) return;
    this.user = null;
    fill(this.content, h("div", { class: "empty" }, icon("people", 32), h("h1", null, isGone ? t("people.gone") : t("people.person")),
      h("p", null, isGone ? t("people.gone_hint") : sentence(error)),
      isGone ? h("a", { class: "button", href: address("/people") }, t("people.to_people")) : button(t("app.retry"), () => this.#open())));
  }

  draw() {
    const { user, relation } = this;
    this.#chat = relation.kind === "self" ? null : client.chats.find(({ peer }) => peer?.user_id === user.id);
    const hadFocus = this.content.contains(document.activeElement);
    fill(this.content,
      h("header", { class: "person-header" }, avatarOf(user, "large"), h("div", { class: "grow stack person-names" },
        h("h1", null, user.name), h("div", { class: "soft person-below" }, h("bdi", { dir: "ltr" }, `@${user.username}`), presenceOf(user)), this.#standing())),
      h("div", { class: "inline person-buttons" }, this.#buttons()),
      user.bio ? h("section", { class: "person-bio" }, h("h2", null, t("people.about")), h("p", { dir: "auto" }, user.bio)) : null,
      this.#facts());
    if (hadFocus) /** @type {HTMLElement | null} */ (this.content.querySelector(".person-buttons > *"))?.focus();
  }

  /** What is between us, in words. */
  #standing() {
    const { kind, since } = this.relation;
    if (kind === "none" || kind === "self") return null;
    const look = { friend: "good", incoming: "accent", outgoing: "", blocked: "danger" }[kind];
    return h("div", null, h("span", { class: `chip ${look}` }, t(`people.is_${kind}`, { day: day(since ?? new Date().toISOString()) })));
  }

  #buttons() {
    const { user, relation: { kind } } = this;
    if (kind === "self") return h("a", { class: "button", href: address("/account/profile") }, icon("edit", 18), t("people.edit_me"));
    const act = (/** @type {string} */ words, /** @type {(user: any) => Promise<unknown>} */ run, look = "") => button(t(words), async (event) => {
      const pressed = /** @type {HTMLButtonElement} */ (event.currentTarget);
      pressed.disabled = true;
      const isDone = await run(user);
      pressed.disabled = false;
      if (isDone && run !== write) this.#load();
    }, { class: look });
    if (kind === "blocked") return act("people.unblock", unblock);
    const befriending = {
      none: () => act("people.befriend", befriend),
      incoming: () => [act("people.accept", befriend, "primary"), act("people.decline", end)],
      outgoing: () => act("people.withdraw", end),
      friend: () => act("people.unfriend", unfriend),
    }[kind]();
    return [act("people.write", write, kind === "incoming" ? "" : "primary"), befriending, act("people.block", block, "danger")];
  }

  #facts() {
    const { user } = this;
    const contacts = CONTACTS.filter(([name]) => user.contacts?.[name]).map(([name, label]) => [label, this.#contact(name, user.contacts[name])]);
    const facts = [
      ...(user.email ? [[t("people.email"), user.email]] : []),
      ...contacts,
      [t("people.here_since"), h("time", { dateTime: user.created_at }, dateTime(user.created_at, { dateStyle: "long" }))],
      ...(this.#chat ? [[t("people.your_chat"), h("a", { href: address(`/chats/${this.#chat.id}`) }, t("people.open_chat"))]] : []),
    ];
    return h("section", { class: "person-facts" }, h("h2", { class: "visually-hidden" }, t("people.facts")),
      h("dl", { class: "card facts" }, facts.map(([label, value]) => h("div", null, h("dt", null, label), h("dd", null, value)))));
  }

  /** @param {string} name @param {string} value */
  #contact(name, value) {
    if (name !== "github") return value;
    return h("a", { href: `https://github.com/${encodeURIComponent(value)}`, target: "_blank", rel: "noreferrer noopener" }, value);
  }

  /** Presence is different, or there is a chat of ours by now. @param {string | null} of */
  #change(of) {
    if (!this.user) return;
    const place = this.content.querySelector(".presence");
    if (of === null && place) drawPresence(place, this.user);
    if (this.#chat || this.relation.kind === "self") return;
    const all = of === null ? client.chats : [client.chat(of)];
    if (all.some((chat) => chat?.peer?.user_id === this.user.id)) this.draw();
  }
}

define("tl-person-page", Person);
