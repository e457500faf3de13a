// What is new among my notifications, on every page: their number beside the icon, and a short notice of one that comes.

import { notice } from "./dialogs.js";
import { h } from "./dom.js";
import { lazy } from "./pages.js";
import { tellBeside } from "./push.js";
import { address, here } from "./router.js";
import { client, me, session } from "./session.js";
import { isMuted, setCount } from "./shell/navigation.js";

let count = 0;
/** Counts what was told, so that an answer that crossed with it is asked for again. */
let told = 0;

/** @param {number} now */
function become(now) {
  told += 1;
  count = now;
  setCount("notifications", count);
}

/** Counts anew: after a break, or where something went that nobody tells of. @returns {Promise<void>} */
export async function countAnew() {
  const before = told;
  const { unread_count } = await client.rest.get("/notifications", { unread: true, limit: 1 });
  if (before === told) become(unread_count);
  else await countAnew();
}

/** How many I have not read. */
export const unreadCount = () => count;

/** Marks one as read, wherever it is seen. @param {string} id @returns {Promise<void>} */
export const markRead = (id) => client.rest.put(`/notifications/${id}/read`);

/** @param {any} notification */
async function tell(notification) {
  const { id, data } = notification;
  const chat = data?.chat_id && client.chat(data.chat_id);
  const isOpen = !!chat && here().path === `/chats/${chat.id}`;
  if (chat && isMuted(chat)) return;
  const [, { describe }] = /** @type {any} */ (await lazy.notifications());
  const { text, place } = describe(notification);
  if (document.hidden) return client.isLeader ? tellBeside(notification, text, place) : undefined;
  // Who is there sees it there.
  if (here().path === "/notifications" || isOpen) return;
  const link = place && h("a", { href: address(place.path, place.query), onclick: () => (link?.closest(".notice")?.remove(), markRead(id).catch(() => {})) }, text);
  notice(link ?? text);
}

client.on("frame", (frame) => {
  if (frame.type === "welcome" || frame.type === "notifications_reset") countAnew().catch(() => {});
  else if (frame.type === "notifications_read") become(frame.unread_count);
  else if (frame.type === "notification") {
    become(count + 1);
    tell(frame.notification).catch(() => {});
  }
});
session.addEventListener("change", () => me() === null && become(0));
// This comes after the first page.
if (me() !== null) countAnew().catch(() => {});
