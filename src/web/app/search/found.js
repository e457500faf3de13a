// A message that was found, with the words that were looked for marked in it.

import { avatarOf } from "../avatar.js";
import { h } from "../dom.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { moment, t } from "../words.js";

/** How much is shown before the first word that was found. */
const BEFORE = 40;
/** How much is shown in all. */
const MOST = 240;

/** Names of chats that are not mine. @type {Map<string, Promise<string>>} */
const names = new Map();

/**
 * A line of the results.
 * @param {any} message @param {Map<string, any>} people @param {string} wanted @param {boolean} withChat whether the chat is named
 */
export function foundMessage(message, people, wanted, withChat) {
  const person = people.get(message.sender_id) ?? null;
  const text = message.content ?? message.attachments.map((/** @type {any} */ { name }) => name).join(", ");
  return h("li", null, h("a", { class: "search-found", href: address(`/chats/${message.chat_id}`, { seq: message.seq }) },
    avatarOf(person ?? { name: "?" }, "small"),
    h("span", { class: "search-found-text" },
      h("span", { class: "search-found-head" }, h("strong", { dir: "auto" }, person?.name ?? t("app.somebody")), h("small", null, moment(message.created_at))),
      withChat ? nameOf(message.chat_id) : null,
      h("span", { class: "search-found-words", dir: "auto" }, marked(text, wanted)))));
}

/** A text with some words marked, from shortly before the first of them. @param {string} text @param {string} wanted */
export function marked(text, wanted) {
  const words = wanted.split(/\s+/u).filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&"));
  const all = text.normalize("NFC").replace(/\s+/gu, " ");
  if (!words.length) return [all.slice(0, MOST)];
  const either = new RegExp(`(${words.join("|")})`, "giu");
  const first = all.search(either);
  const from = first > BEFORE * 2 ? all.lastIndexOf(" ", first - BEFORE) + 1 || first - BEFORE : 0;
  const shown = `${from > 0 ? "…" : ""}${all.slice(from, from + MOST)}${from + MOST < all.length ? "…" : ""}`;
  // Split by what stands in brackets, every other piece is one that was found.
  return shown.split(either).map((piece, at) => (at % 2 ? h("mark", null, piece) : piece));
}

/** @param {string} chatId */
function nameOf(chatId) {
  const line = h("small", { class: "search-found-chat", dir: "auto" });
  const mine = client.chat(chatId);
  if (mine) line.textContent = mine.title ?? mine.peer?.name ?? t("app.gone_person");
  else {
    const name = names.get(chatId) ?? client.rest.get(`/chats/${chatId}`).then(({ title }) => title ?? "", () => "");
    names.set(chatId, name);
    name.then((found) => (line.textContent = found));
  }
  return line;
}
