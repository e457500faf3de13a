// What a message replies to, in one line above it.

import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { beginningOf } from "./text.js";

/** How many messages are remembered that were asked for. */
const MOST = 500;
/** Messages that are replied to and are not held. @type {Map<string, Promise<any>>} */
const asked = new Map();
/** What draws the lines that show them anew; those that have gone are forgotten when it is used. @type {Map<string, Set<() => boolean>>} */
const lines = new Map();

client.on("frame", ({ type, message }) => {
  if (type === "messages_cleared" || type === "sender_cleared") asked.clear();
  if ((type !== "message_edited" && type !== "message_recalled") || !asked.has(message.id)) return;
  asked.set(message.id, Promise.resolve(message));
  for (const again of lines.get(message.id) ?? []) if (!again()) lines.get(message.id)?.delete(again);
});
client.on("signed_out", () => asked.clear());

/**
 * The line, and what a click on it does. Its height is always the same: what it shows may come later.
 * @param {any} message @param {import("./row.js").RowContext} context
 */
export function quoteOf(message, context) {
  const line = h("button", { type: "button", class: "message-quote", onclick: () => jump(message, context) }, icon("reply", 14), h("span", null, "…"));
  draw(line, message, context);
  if (context.find(message.reply_to)) return line;
  const others = lines.get(message.reply_to) ?? new Set();
  lines.set(message.reply_to, others.add(() => line.isConnected && (void draw(line, message, context), true)));
  return line;
}

/** @param {HTMLElement} line @param {any} message @param {import("./row.js").RowContext} context */
async function draw(line, message, context) {
  const held = context.find(message.reply_to);
  const original = held ?? (await fetched(message.chat_id, message.reply_to));
  const words = original
    ? [h("strong", { dir: "auto" }, context.person(original.sender_id)?.name ?? t("app.somebody")), h("span", { dir: "auto" }, beginningOf(original))]
    : [h("span", null, t("messages.original_gone"))];
  fill(line, icon("reply", 14), ...words);
}

/** @param {any} message @param {import("./row.js").RowContext} context */
async function jump(message, context) {
  const original = context.find(message.reply_to) ?? (await fetched(message.chat_id, message.reply_to));
  if (original) context.jump(original.seq);
}

/** @param {string} chatId @param {string} id @returns {Promise<any>} null where it is gone */
function fetched(chatId, id) {
  let answer = asked.get(id);
  if (!answer) {
    answer = client.rest.get(`/chats/${chatId}/messages/${id}`).catch((error) => {
      if (error.isTemporary) asked.delete(id);
      return null;
    });
    asked.set(id, answer);
    const [oldest] = asked.keys();
    if (asked.size > MOST) for (const known of [asked, lines]) known.delete(oldest);
  }
  return answer;
}
