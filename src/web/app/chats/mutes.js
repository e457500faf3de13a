// Which chats are muted, and muting them.

import { client } from "../session.js";

/** Until when; null until it is ended. @typedef {{until: string | null}} Mute */

/** Told `mutes` when a chat is muted or is so no more. */
export const mutes = new EventTarget();

/** What was learnt here beside the list of chats; null for those that are not muted. @type {Map<string, Mute | null>} */
let known = new Map();
/** Whose that is. */
let owner = "";

const key = () => `trunkline.mutes:${client.userId}`;

function mine() {
  if (owner === client.userId) return known;
  owner = client.userId ?? "";
  try {
    known = new Map(JSON.parse(localStorage.getItem(key()) ?? "[]"));
  } catch {
    known = new Map();
  }
  return known;
}

/** @param {string} chatId @param {Mute | null} mute */
function keep(chatId, mute) {
  mine().set(chatId, mute);
  localStorage.setItem(key(), JSON.stringify([...mine()].filter(([, each]) => each)));
  mutes.dispatchEvent(new CustomEvent("mutes", { detail: { chat_id: chatId } }));
}

/** How a chat is muted now; null where it is not. @param {{id: string, mute?: Mute | null}} chat @returns {Mute | null} */
export function muteOf(chat) {
  const mute = mine().has(chat.id) ? mine().get(chat.id) : chat.mute;
  return mute && (mute.until === null || Date.parse(mute.until) > Date.now()) ? mute : null;
}

/** Mutes a chat, for some hours or until it is ended. @param {string} chatId @param {number | null} hours */
export async function mute(chatId, hours) {
  const until = hours === null ? null : new Date(Date.now() + hours * 3_600_000).toISOString();
  await client.rest.put(`/chats/${chatId}/mute`, until ? { until } : {});
  keep(chatId, { until });
}

/** Ends that. @param {string} chatId */
export async function unmute(chatId) {
  await client.rest.delete(`/chats/${chatId}/mute`);
  keep(chatId, null);
}

/** Asks the server, which another device may have told. @param {string} chatId */
export async function learnMute(chatId) {
  const { muted, until } = await client.rest.get(`/chats/${chatId}/mute`);
  keep(chatId, muted ? { until } : null);
}
