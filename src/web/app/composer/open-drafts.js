// The drafts of this window, and what happens to all of them: another window has written, the page goes, the network is back.

import { client } from "../session.js";
import { Draft } from "./draft.js";
import { drafts } from "./drafts.js";

/** @type {Map<string, Draft>} */
const all = new Map();

/** The draft of a chat, of who is signed in. @param {string} chatId */
export function draftFor(chatId) {
  const userId = client.userId ?? "";
  const name = `${userId}:${chatId}`;
  const draft = all.get(name) ?? new Draft(userId, chatId);
  all.set(name, draft);
  return draft;
}

/** Keeps everything that was typed, where the page may be gone the next moment. */
function flushAll() {
  for (const draft of all.values()) draft.flush(true);
}

addEventListener("pagehide", flushAll);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flushAll());
client.on("signed_out", flushAll);
drafts.addEventListener("elsewhere", (event) => {
  const { user_id, chat_id } = /** @type {CustomEvent} */ (event).detail;
  all.get(`${user_id}:${chat_id}`)?.heard();
});
// What the network has stopped goes on with it.
client.on("state", (state) => {
  if (state !== "online") return;
  for (const draft of all.values()) for (const upload of draft.uploads) if (upload.isUnreachable) upload.start();
});
// Uploads end with the page.
addEventListener("beforeunload", (event) => {
  const isBusy = [...all.values()].some(({ uploads }) => uploads.some(({ state }) => state === "running" || state === "waiting"));
  if (isBusy) event.preventDefault();
});
