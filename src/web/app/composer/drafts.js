// What is begun in each chat and not sent: kept for each person, on this device, through reloads and signing out. All windows
// share it; each text has a version, so that none writes over what another one has written meanwhile.

import { client } from "../session.js";

/**
 * A file that is uploaded and waits for its message.
 * @typedef {{id: string, name: string, content_type: string, size: number, is_picture: boolean, at: number}} KeptFile
 *
 * What a reply answers, so that it can be shown before the messages are there.
 * @typedef {{id: string, sender_id: string | null, text: string}} ReplyTo
 *
 * What is kept of a chat.
 * @typedef {object} Kept
 * @property {string} version
 * @property {string} text
 * @property {[number, number]} cursor
 * @property {ReplyTo | null} reply
 * @property {KeptFile[]} files
 * @property {{id: string, text: string, before: string} | null} edit a message that is being edited, beside the text
 * @property {string} other what another window has written in the same place
 */

/** Told `drafts` with the `detail` `{chat_id}` when a chat has another draft, and `elsewhere` when another window has kept it. */
export const drafts = new EventTarget();

const KEPT = "trunkline.draft";

/** What was read, by key. @type {Map<string, Kept | null>} */
const known = new Map();

/** @param {string} userId @param {string} chatId */
function key(userId, chatId) {
  return `${KEPT}:${userId}:${chatId}`;
}

/** What is kept of a chat. @param {string} userId @param {string} chatId @returns {Kept | null} */
export function read(userId, chatId) {
  const name = key(userId, chatId);
  let kept = known.get(name);
  if (kept === undefined) known.set(name, (kept = parse(localStorage.getItem(name))));
  return kept;
}

/** What is kept now, whatever was read before: another window may have been faster than its message. @param {string} userId @param {string} chatId */
export function readAgain(userId, chatId) {
  known.delete(key(userId, chatId));
  return read(userId, chatId);
}

/** Keeps it; null keeps nothing. Answers whether there was room for it. @param {string} userId @param {string} chatId @param {Kept | null} kept */
export function write(userId, chatId, kept) {
  const name = key(userId, chatId);
  const before = read(userId, chatId);
  known.set(name, kept);
  let isKept = true;
  try {
    if (kept) localStorage.setItem(name, JSON.stringify(kept));
    else localStorage.removeItem(name);
  } catch {
    isKept = false;
  }
  if (mark(before) !== mark(kept)) drafts.dispatchEvent(new CustomEvent("drafts", { detail: { chat_id: chatId } }));
  return isKept;
}

/**
 * What the list of chats shows of a draft: its text, how many files it has, whether it is a reply. Null where nothing is begun.
 * @param {string} chatId
 * @returns {{text: string, files: number, isReply: boolean} | null}
 */
export function draftOf(chatId) {
  const kept = client.userId && read(client.userId, chatId);
  if (!kept || !(kept.text.trim() || kept.files.length || kept.reply)) return null;
  return { text: kept.text, files: kept.files.length, isReply: !!kept.reply };
}

/** What can be seen of it in a list. @param {Kept | null} kept */
function mark(kept) {
  return kept ? JSON.stringify([kept.text.slice(0, 200), kept.files.length, !!kept.reply]) : "";
}

/** @param {string | null} text @returns {Kept | null} */
function parse(text) {
  try {
    const kept = JSON.parse(text ?? "null");
    return kept && typeof kept.text === "string" && Array.isArray(kept.files) ? kept : null;
  } catch {
    return null;
  }
}

addEventListener("storage", ({ key: name, newValue }) => {
  if (!name?.startsWith(`${KEPT}:`)) return;
  known.set(name, parse(newValue));
  const [, userId, chat_id] = name.split(":");
  drafts.dispatchEvent(new CustomEvent("elsewhere", { detail: { user_id: userId, chat_id } }));
  if (userId === client.userId) drafts.dispatchEvent(new CustomEvent("drafts", { detail: { chat_id } }));
});
