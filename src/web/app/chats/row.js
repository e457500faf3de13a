// One chat in the list.

import { avatarOfChat } from "../avatar.js";
import { iconButton } from "../buttons.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { moment, number, t, whole } from "../words.js";
import { muteOf } from "./mutes.js";
import { titleOf } from "./order.js";
import { previewOf } from "./preview.js";

/** The parts of a row, so that only what is different is written. @type {WeakMap<HTMLElement, Record<string, any>>} */
const parts = new WeakMap();

/** @param {any} chat @param {(chatId: string, row: HTMLElement) => void} openMenu @returns {HTMLElement} */
export function makeRow(chat, openMenu) {
  const dot = h("span", { class: "chat-online", hidden: true }, h("span", { class: "visually-hidden" }, t("app.online")));
  const title = h("strong", { class: "chat-title", dir: "auto" });
  const muted = h("span", { class: "chat-muted", hidden: true }, icon("mute", 14), h("span", { class: "visually-hidden" }, t("chats.muted")));
  const at = h("time");
  const who = h("span", { class: "chat-who" });
  const text = h("span", { dir: "auto" });
  const mentions = h("span", { class: "chat-mention", hidden: true }, h("span", { "aria-hidden": "true" }, "@"), h("span", { class: "visually-hidden" }, t("chats.mentions_you")));
  const unread = h("span", { class: "count", "aria-hidden": "true" });
  const unreadWords = h("span", { class: "visually-hidden" });
  const avatar = avatarOfChat(chat);
  const link = h("a", { href: address(`/chats/${chat.id}`), draggable: false },
    h("span", { class: "chat-picture" }, avatar, dot),
    h("span", { class: "chat-line" }, title, muted, at),
    h("span", { class: "chat-line" }, h("span", { class: "chat-said" }, who, text), mentions, unread, unreadWords));
  const more = iconButton("more", "", () => openMenu(chat.id, row), { class: "icon-button chat-more", "aria-haspopup": "menu" });
  const row = h("li", null, link, more);
  parts.set(row, { link, dot, title, muted, at, who, text, mentions, unread, unreadWords, avatar, more, shown: {} });
  return row;
}

/** Shows a chat as it is now. @param {HTMLElement} row @param {any} chat @param {{isCurrent: boolean, isStop: boolean}} more `isStop`: Tab comes here */
export function updateRow(row, chat, { isCurrent, isStop }) {
  const part = /** @type {Record<string, any>} */ (parts.get(row));
  const title = titleOf(chat) ?? t("app.gone_person");
  const { kind, who, text } = previewOf(chat, isCurrent);
  const at = chat.last_message?.created_at ?? chat.created_at;
  const { unread_count: unread } = chat;
  const isMuted = !!muteOf(chat);
  const write = (/** @type {string} */ name, /** @type {any} */ value, /** @type {(value: any) => void} */ how) => {
    if (part.shown[name] === value) return;
    part.shown[name] = value;
    how(value);
  };
  write("title", title, () => {
    part.title.textContent = part.title.title = title;
    const label = t("chats.menu_of", { title });
    part.more.title = label;
    part.more.setAttribute("aria-label", label);
  });
  write("who", who, () => (part.who.textContent = who ? `${who}: ` : ""));
  write("text", text, () => (part.text.textContent = text));
  write("kind", kind, () => (part.who.parentElement.dataset.kind = kind));
  write("at", `${at} ${new Date().toDateString()}`, () => {
    part.at.dateTime = at;
    part.at.textContent = moment(at);
    part.at.title = whole(at);
  });
  write("unread", unread, () => {
    part.unread.textContent = unread > 999 ? `${number(999)}+` : unread ? number(unread) : "";
    part.unread.hidden = part.unreadWords.hidden = !unread;
    part.unreadWords.textContent = unread ? t("chats.unread_count", { count: unread }) : "";
    row.classList.toggle("is-unread", unread > 0);
  });
  write("mentions", chat.mention_count > 0, (is) => (part.mentions.hidden = !is));
  write("muted", isMuted, (is) => {
    part.muted.hidden = !is;
    part.unread.classList.toggle("quiet", is);
  });
  write("online", !!chat.peer && !!client.presence(chat.peer.user_id)?.online, (is) => (part.dot.hidden = !is));
  write("current", isCurrent, (is) => (is ? part.link.setAttribute("aria-current", "page") : part.link.removeAttribute("aria-current")));
  write("stop", isStop, (is) => (part.link.tabIndex = part.more.tabIndex = is ? 0 : -1));
  write("gone", !!chat.isGone, (is) => row.classList.toggle("is-gone", is));
  part.avatar.show(chat.peer
    ? { name: chat.peer.name, url: chat.peer.avatar_url, key: chat.peer.user_id } : { name: chat.title, url: chat.image_url, key: chat.id });
}
