// What each kind of notification says, in the reader's language, and where it leads.

import { client } from "../session.js";
import { t, whole } from "../words.js";

/**
 * @typedef {{path: string, query?: Record<string, string | number>}} Place
 * @typedef {{text: string, place: Place | null, icon: string}} Description
 */

/** The pictures of kinds. @type {Record<string, string>} */
const ICONS = {
  friend_request: "add_person", friend_accepted: "people", mention: "comment", reply: "reply", chat_added: "chats", comment: "comment",
  ticket_bought: "ticket", event_changed: "events", event_soon: "clock", place_free: "ticket", scheduled_failed: "warning", message: "info",
};

/** What a notification says, and where it leads. @param {any} notification @returns {Description} */
export function describe(notification) {
  const { kind, message } = notification;
  const said = SAYS[kind]?.(notification, notification.data ?? {});
  const sender = notification.sender?.name;
  // A kind of a later version, or one that lacks something.
  const text = said ?? (sender && kind !== "message" ? `${sender} ${message}` : message);
  return { text, place: placeOf(notification), icon: ICONS[kind] ?? "bell" };
}

/** @param {any} notification @returns {Place | null} */
function placeOf({ kind, sender, data }) {
  const { chat_id, seq, event_id, post_id, user_id, deleted } = data ?? {};
  if (kind === "event_changed" && deleted) return null;
  if (chat_id) return { path: `/chats/${chat_id}`, query: seq ? { seq } : {} };
  if (event_id) return { path: `/events/${event_id}` };
  if (post_id) return { path: `/posts/${post_id}` };
  if (kind === "friend_request" || kind === "friend_accepted") return sender ? { path: `/people/${user_id ?? sender.id}` } : null;
  return null;
}

/** @typedef {(notification: any, data: any) => string | null} Says null where there is not enough to say it */

/** @param {any} notification */
const who = (notification) => notification.sender?.name ?? t("app.gone_person");

/** The words of a chat's notification, with its title where it has one. @param {string} key @returns {Says} */
const inChat = (key) => (notification, { chat_id }) => {
  const chat = client.chat(chat_id)?.title;
  return chat ? t(`notifications.${key}_in`, { name: who(notification), chat }) : t(`notifications.${key}`, { name: who(notification) });
};

/** @type {Record<string, Says>} */
const SAYS = {
  friend_request: (notification) => t("notifications.friend_request", { name: who(notification) }),
  friend_accepted: (notification) => t("notifications.friend_accepted", { name: who(notification) }),
  mention: inChat("mention"),
  reply: inChat("reply"),
  chat_added: inChat("chat_added"),
  // Only the server's sentence has the title.
  comment: (notification) => {
    const title = /“(.*)”/s.exec(notification.message)?.[1];
    return title ? t("notifications.comment", { name: who(notification), title }) : null;
  },
  ticket_bought: (notification, { name: event, quantity }) => event && t("notifications.ticket_bought", { name: who(notification), event, count: quantity }),
  event_changed: (notification, data) => data.name && t(`notifications.${changeOf(data)}`, {
    event: data.name, time: data.event_time ? whole(data.event_time) : "",
  }),
  event_soon: (notification, { name: event, event_time }) => event && t("notifications.event_soon", { event, time: whole(event_time) }),
  place_free: (notification, { name: event, quantity, held_until }) => event && t("notifications.place_free", { event, count: quantity, time: whole(held_until) }),
  scheduled_failed: (notification, { send_at }) => send_at && t("notifications.scheduled_failed", { time: whole(send_at) }),
};

/** @param {any} data */
function changeOf({ deleted, changed = [] }) {
  if (deleted) return "event_cancelled";
  if (changed.includes("ticket")) return "ticket_cancelled";
  if (changed.includes("event_time")) return "event_moved";
  if (changed.includes("name")) return "event_renamed";
  if (changed.includes("max_tickets")) return "event_smaller";
  return "event_changed";
}
