// Where the reader was in each chat, and which chats are kept open so that one comes back at once.

import { client } from "../session.js";

/** So many chats are kept open beside the one that is shown. */
const MOST = 8;

/** Where somebody was who was not at the end: the message at the upper edge, and how far below that it began. @type {Map<string, {seq: number, offset: number}>} */
const positions = new Map();
/** The chats that are open, the latest last. @type {Set<string>} */
const opened = new Set();

client.on("signed_out", () => {
  positions.clear();
  opened.clear();
});

/** @param {string} chatId */
export function positionIn(chatId) {
  return positions.get(chatId) ?? null;
}

/** @param {string} chatId @param {{seq: number, offset: number} | null} position null: at the end */
export function rememberPosition(chatId, position) {
  if (position) positions.set(chatId, position);
  else positions.delete(chatId);
}

/** A chat is shown: those that were shown long ago are let go. @param {string} chatId */
export function noteOpened(chatId) {
  opened.delete(chatId);
  opened.add(chatId);
  for (const oldest of opened) {
    if (opened.size <= MOST) break;
    opened.delete(oldest);
    client.shut(oldest);
  }
}
