// What can be between two people, and what one of them can do about it.

import { openDirectChat } from "../direct.js";
import { attempt, confirmed, notice } from "../dialogs.js";
import { client } from "../session.js";
import { t } from "../words.js";

/**
 * What is between me and somebody.
 * @typedef {"self" | "friend" | "incoming" | "outgoing" | "blocked" | "none"} Kind
 * @typedef {{kind: Kind, since?: string}} Relation
 */

/** What is between me and this person. No answer holds it by itself: the lists of mine do. @param {any} user @param {AbortSignal} signal @returns {Promise<Relation>} */
export async function relationTo(user, signal) {
  if (user.id === client.userId) return { kind: "self" };
  const search = user.username;
  const mine = (/** @type {string} */ path) => client.rest.all(path, { search }, signal);
  const [friends, requests, blocks] = await Promise.all([mine("/friends"), mine("/friends/requests"), mine("/blocks")]);
  const isTheirs = (/** @type {any} */ item) => item.user.id === user.id;
  const [friend, request, block] = [friends.find(isTheirs), requests.find(isTheirs), blocks.find(isTheirs)];
  if (block) return { kind: "blocked", since: block.since };
  if (friend) return { kind: "friend", since: friend.since };
  if (request) return { kind: request.direction, since: request.created_at };
  return { kind: "none" };
}

/** Does something between two people; a block is told in plain words. @param {() => Promise<unknown>} work */
function doing(work) {
  return attempt(() => work().catch((error) => {
    throw error.code === "blocked" ? { ...error, message: t("people.refused") } : error;
  }));
}

/** Opens the chat with somebody. @param {any} user */
export function write(user) {
  return doing(() => openDirectChat(user.id));
}

/** Asks somebody to be my friend, or accepts. @param {any} user */
export async function befriend(user) {
  let since = null;
  const isDone = await doing(async () => ({ since } = await client.rest.post("/friends", { user_id: user.id })));
  if (isDone) notice(t(since ? "people.friends_now" : "people.asked", { name: user.name }));
  return isDone;
}

/** Declines or withdraws a request. @param {any} user */
export function end(user) {
  return doing(() => client.rest.delete(`/friends/${user.id}`));
}

/** @param {any} user */
export async function unfriend(user) {
  return (await confirmed(t("people.unfriend_question", { name: user.name }), t("people.unfriend"))) && end(user);
}

/** @param {any} user */
export async function block(user) {
  if (!(await confirmed(t("people.block_question", { name: user.name }), t("people.block")))) return false;
  return doing(() => client.rest.put(`/blocks/${user.id}`));
}

/** @param {any} user */
export function unblock(user) {
  return doing(() => client.rest.delete(`/blocks/${user.id}`));
}
