// Which chats are muted, and muting them.

import { client } from "../session.js";

/** Until when; null until it is ended. @typedef {{until: string | null}} Mute */

/** Told `mutes` when a chat is muted or is so no more. */
export const mutes = new EventTarget();

/**
 * What was done or learnt here, and what the list of chats said then: this counts until the list says something else.
 * @type {Map<string, {mute: Mute | null, listed: string}>}
 */
const known = new Map();

/** @param {{mute?: Mute | null} | null} chat */
const listed = (chat) => JSON.stringify(chat?.mute ?? null);

/** @param {string} chatId @param {Mute | null} mute */
function keep(chatId, mute) {
  known.set(`${client.userId} ${chatId}`, { mute, listed: listed(client.chat(chatId)) });
  mutes.dispatchEvent(new CustomEvent("mutes", { detail: { chat_id: chatId } }));
}

/** How a chat is muted now; null where it is not. @param {{id: string, mute?: Mute | null}} chat @returns {Mute | null} */
export function muteOf(chat) {
  const own = known.get(`${client.userId} ${chat.id}`);
  const mute = own?.listed === listed(chat) ? own.mute : chat.mute;
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
