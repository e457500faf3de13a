// The head of a conversation: who or what it is, who is there, who types, and where its other pages are.

import { avatarOfChat } from "../avatar.js";
import { iconButton } from "../buttons.js";
import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { go } from "../router.js";
import { client } from "../session.js";
import { moment, t } from "../words.js";

/** `<tl-conversation-header>`; `show` gives it a chat. It tells `search`, `pins` and `info`. */
class ConversationHeader extends Element {
  picture = h("div", { class: "conversation-picture", "aria-hidden": "true" });
  name = h("h1", { dir: "auto" });
  state = h("p", { class: "conversation-state" });
  /** @type {any} */
  chat = null;
  #shown = "";

  start() {
    const back = iconButton("back", t("app.back"), () => go("/"), { class: "icon-button conversation-back" });
    this.search = iconButton("search", t("messages.search"), () => this.tell("search"), { "aria-expanded": "false" });
    this.pins = iconButton("pin", t("messages.pins"), () => this.tell("pins"), { "aria-expanded": "false" });
    this.info = iconButton("info", t("messages.info"), () => this.tell("info"), { "aria-expanded": "false" });
    fill(this, back, this.picture, h("div", { class: "grow" }, this.name, this.state), this.search, this.pins, this.info);
    this.follow("change", (id) => (id === null || id === this.chat?.id) && this.draw());
    this.draw();
  }

  /** @param {any} chat */
  show(chat) {
    this.chat = chat;
    if (chat.peer) client.watch([chat.peer.user_id]);
    this.draw();
  }

  /** Says which of the panels is open. @param {string} panel */
  open(panel) {
    for (const name of /** @type {("search" | "pins" | "info")[]} */ (["search", "pins", "info"])) this[name]?.setAttribute("aria-expanded", String(name === panel));
  }

  draw() {
    if (!this.chat) return;
    const chat = client.chat(this.chat.id) ?? this.chat;
    const name = chat.title ?? chat.peer?.name ?? t("app.gone_person");
    const state = this.#state(chat);
    const look = JSON.stringify([name, state, chat.image_url, chat.peer?.avatar_url]);
    if (look === this.#shown) return;
    this.#shown = look;
    fill(this.picture, avatarOfChat(chat));
    this.name.textContent = name;
    this.state.textContent = state;
    this.state.classList.toggle("is-typing", (chat.typing ?? []).some((/** @type {string} */ id) => id !== client.userId));
  }

  /** @param {any} chat */
  #state(chat) {
    const typing = (chat.typing ?? []).filter((/** @type {string} */ id) => id !== client.userId);
    const [name, other] = typing.map((/** @type {string} */ id) => client.person(id)?.name ?? t("app.somebody"));
    if (typing.length > 2) return t("messages.types_many", { count: typing.length });
    if (typing.length === 2) return t("messages.types_two", { name, other });
    if (typing.length === 1) return t("messages.types_one", { name });
    if (!chat.peer) return chat.kind === "direct" ? "" : t("messages.members", { count: chat.member_count });
    const presence = client.presence(chat.peer.user_id);
    if (presence?.online) return t("app.online");
    return presence?.last_online_at ? t("messages.last_online", { at: moment(presence.last_online_at) }) : `@${chat.peer.username}`;
  }
}

define("tl-conversation-header", ConversationHeader);
