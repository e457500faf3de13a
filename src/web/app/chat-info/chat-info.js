// A chat beside its conversation: `<tl-chat-info>`.

import { Element } from "../element.js";
import { button, iconButton } from "../buttons.js";
import { sentence } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { aboutSection } from "./about.js";
import { bansSection } from "./bans.js";
import { endSection } from "./end.js";
import { hooksSection } from "./hooks.js";
import { invitesSection } from "./invites.js";
import { mediaSection } from "./media.js";
import { membersSection } from "./members.js";
import { muteSection } from "./mute.js";
import { personSection } from "./person.js";
import { webhooksSection } from "./webhooks.js";

/** @typedef {"creator" | "admin" | "member" | ""} Role "" for who is not in the chat */

/** `<tl-chat-info>` with `params.chat_id`; tells `close` when it is closed. */
export class ChatInfo extends Element {
  /** The chat as the server shows it. @type {any} */
  chat = null;
  /** What I am there. @type {Role} */
  role = "";
  body = h("div", { class: "info-body" });
  /** Who wants to hear what happens in this chat. @type {Set<(frame: any) => void>} */
  #hearing = new Set();

  start() {
    const title = h("h2", null, t("chats.info"));
    fill(this, h("header", { class: "info-header" }, title, iconButton("close", t("app.close"), () => this.tell("close"))), this.body);
    this.follow("frame", (frame) => frame.chat_id === this.chatId && this.#hear(frame));
    void this.#load();
  }

  /** Which chat it is. */
  get chatId() {
    return this.params.chat_id;
  }

  /** The path of the chat, or of what belongs to it. @param {string} [rest] */
  path(rest = "") {
    return `/chats/${this.chatId}${rest}`;
  }

  /** Whether I may change what the creator and admins may. */
  get mayManage() {
    return this.role === "creator" || this.role === "admin";
  }

  /** Calls for each frame of this chat, as long as what asks is shown. @param {(frame: any) => void} listener */
  hear(listener) {
    this.#hearing.add(listener);
  }

  /** Takes over how the chat is now. @param {any} chat */
  take(chat) {
    this.chat = { ...this.chat, ...chat, retention_days: chat.retention_days };
    for (const listener of [...this.#hearing]) listener({ type: "chat_updated", chat: this.chat });
  }

  async #load() {
    if (!this.chat) fill(this.body, h("p", { class: "empty", role: "status" }, t("app.loading")));
    try {
      this.chat = await client.rest.get(this.path());
      this.role = await roleIn(this.chat);
      if (this.isConnected) this.#draw();
    } catch (error) {
      fill(this.body, h("div", { class: "empty", role: "alert" }, sentence(error), button(t("app.retry"), () => void this.#load())));
    }
  }

  #draw() {
    this.#hearing.clear();
    if (this.chat.kind === "direct") return fill(this.body, personSection(this), muteSection(this), mediaSection(this));
    const managing = this.mayManage ? [invitesSection(this), bansSection(this), webhooksSection(this), hooksSection(this)] : null;
    fill(this.body, aboutSection(this), this.role ? muteSection(this) : null, membersSection(this), mediaSection(this), managing, this.role ? endSection(this) : null);
  }

  /** @param {any} frame */
  #hear(frame) {
    const { type, member, user_id } = frame;
    if (type === "chat_deleted" || type === "chat_removed") return this.tell("close");
    if (!this.chat) return;
    if (type === "chat_updated") this.take(frame.chat);
    else for (const listener of [...this.#hearing]) listener(frame);
    const mine = (member?.user_id ?? user_id) === client.userId;
    if (mine && (type === "member_changed" || type === "member_joined")) this.#changeRole(member.role);
    else if (mine && type === "member_left") this.#changeRole("");
  }

  /** @param {Role} role */
  #changeRole(role) {
    if (role === this.role) return;
    this.role = role;
    this.#draw();
  }
}

/** What I am in a chat. @param {any} chat @returns {Promise<Role>} */
async function roleIn(chat) {
  if (chat.owner_id === client.userId) return "creator";
  const mine = client.chat(chat.id);
  if (!mine) return "";
  const known = mine.members?.find((/** @type {any} */ { user_id }) => user_id === client.userId);
  if (known) return known.role;
  const admins = await client.rest.all(`/chats/${chat.id}/members`, { role: "admin" });
  return admins.some(({ user_id }) => user_id === client.userId) ? "admin" : "member";
}
