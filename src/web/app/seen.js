// What was read in a chat is read among the notifications, too.

import { markRead, unreadCount } from "./notices.js";
import { client } from "./session.js";

/** Reading goes on message by message; this is how long is waited for the next one. */
const PAUSE_MS = 700;

/** Notifications that were not read; null where they have to be fetched. @type {any[] | null} */
let unread = null;
/** The chats in which something was read since, up to where. @type {Map<string, number>} */
const read = new Map();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let later;

client.on("frame", (frame) => {
  const { type, user_id, chat_id, last_read_seq } = frame;
  if (type === "welcome" || type === "notifications_read" || type === "notifications_reset") unread = null;
  else if (type === "notification") unread?.push(frame.notification);
  else if (type === "read" && user_id === client.userId) {
    read.set(chat_id, last_read_seq);
    clearTimeout(later);
    // One tab does it for all.
    if (client.isLeader) later = setTimeout(() => look().catch(() => {}), PAUSE_MS);
  }
});

async function look() {
  if (unreadCount() === 0) return read.clear();
  unread ??= (await client.rest.get("/notifications", { unread: true, limit: 100 })).items;
  const seen = (unread ?? []).filter(({ data }) => (data?.seq ?? 0) <= (read.get(data?.chat_id) ?? -1));
  read.clear();
  for (const { id } of seen) await markRead(id);
}
