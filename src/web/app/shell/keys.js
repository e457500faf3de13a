// The keys that work everywhere, and which ones there are.

import { attempt } from "../dialogs.js";
import { lazy } from "../pages.js";
import { go, here } from "../router.js";
import { client, me } from "../session.js";

/**
 * Keys for the list at `?`: the keys as they are pressed, and what they do. Features add their own.
 * @type {{keys: string, words: string}[]}
 */
const LIST = [
  { keys: "Ctrl K", words: "keys.switch" },
  { keys: "?", words: "keys.help" },
  { keys: "Alt ↓", words: "keys.next_chat" },
  { keys: "Alt ↑", words: "keys.previous_chat" },
  { keys: "Alt Shift ↓", words: "keys.next_unread" },
  { keys: "Esc", words: "keys.close" },
];

/** All of them. */
export function keys() {
  return LIST;
}

/** Adds keys to the list. @param {{keys: string, words: string}[]} more */
export function addKeys(more) {
  LIST.push(...more);
}

/** Listens to keys. @param {import("../element.js").Element} app */
export function listenToKeys(app) {
  app.listen(document, "keydown", (/** @type {KeyboardEvent} */ event) => {
    if (me() === null || event.defaultPrevented) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open("openSwitch");
    } else if (event.key === "?" && !isTyping(event.target)) {
      event.preventDefault();
      open("openKeys");
    } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1, event.shiftKey);
    }
  });
}

/** Whether keys are letters there. @param {EventTarget | null} target */
export function isTyping(target) {
  const element = /** @type {HTMLElement | null} */ (target);
  return !!element?.closest?.("input, textarea, select, [contenteditable]");
}

/** Goes to the next chat, or to the next one with something unread. @param {1 | -1} by @param {boolean} isUnread */
function step(by, isUnread) {
  const chats = client.chats;
  const current = here().path.split("/")[2];
  const at = chats.findIndex(({ id }) => id === current);
  for (let steps = 1; steps <= chats.length; steps += 1) {
    const chat = chats[(at + by * steps + chats.length * 2) % chats.length];
    if (!isUnread || chat.unread_count > 0) return go(`/chats/${chat.id}`);
  }
}

/** @param {"openKeys" | "openSwitch"} name */
function open(name) {
  void attempt(async () => {
    const [, { opened }] = /** @type {any} */ (await lazy.switch());
    opened[name]();
  });
}
