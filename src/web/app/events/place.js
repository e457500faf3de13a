// What is known of an event and of my part in it: my tickets, my place on the waiting list.

import { keep, kept } from "../kept.js";
import { client, isAdministrator } from "../session.js";

/**
 * @typedef {object} Look
 * @property {any} event
 * @property {any} owner undefined when that person is gone
 * @property {any[]} tickets mine
 * @property {any} waiting my place on the waiting list, or what is held for me; null without
 * @property {boolean} mayManage whether I may change it
 */

/** Everything that the page of an event shows. @param {string} id @param {AbortSignal} [signal] @returns {Promise<Look>} */
export async function look(id, signal) {
  const event = await client.rest.get(`/events/${id}`, undefined, signal);
  const [owners, held, line] = await Promise.all([
    client.rest.get("/users", { id: event.owner_id }, signal),
    // Who may manage it gets everybody's tickets from the event itself.
    client.rest.get("/users/me/tickets", { event_time_from: event.event_time, event_time_to: event.event_time, limit: 100 }, signal),
    waitingAt(id, signal),
  ]);
  return {
    event,
    owner: owners.items[0],
    tickets: held.items.filter((/** @type {any} */ { event_id }) => event_id === id),
    waiting: line,
    mayManage: mayManage(event),
  };
}

/** Whether I may change an event, see who comes, and let them in. @param {any} event */
export function mayManage(event) {
  return event.owner_id === client.userId || isAdministrator();
}

/** My place on the waiting list of an event. @param {string} id @param {AbortSignal} [signal] */
export async function waitingAt(id, signal) {
  const line = await client.rest.get(`/events/${id}/waiting`, { limit: 100 }, signal);
  const mine = line.items.find((/** @type {any} */ { user_id }) => user_id === client.userId) ?? null;
  noteWaiting(id, mine !== null);
  return mine;
}

/** Where I wait: the server has no list of that. @returns {string[]} */
export function whereIWait() {
  return kept("events.waiting") ?? [];
}

/** @param {string} id @param {boolean} isWaiting */
export function noteWaiting(id, isWaiting) {
  const before = whereIWait();
  if (before.includes(id) === isWaiting) return;
  const now = isWaiting ? [...before, id] : before.filter((each) => each !== id);
  keep("events.waiting", now.length ? now : null);
}

/** Whether a frame tells of this event. @param {any} frame @param {string} id */
export function tellsOf({ type, notification }, id) {
  return type === "notification" && notification.data?.event_id === id;
}
