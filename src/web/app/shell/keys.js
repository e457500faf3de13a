// The keys that work everywhere, and the list of them.

import { h } from "../dom.js";
import { openDialog } from "../dialogs.js";
import { go, here } from "../router.js";
import { client, me } from "../session.js";
import { t } from "../words.js";
import { openSwitch } from "./switch.js";

/**
 * Keys for the list at `?`: the keys as they are pressed, and what they do. Rooms add their own.
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
      openSwitch();
    } else if (event.key === "?" && !isTyping(event.target)) {
      event.preventDefault();
      openList();
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

function openList() {
  if (document.querySelector("dialog.keys")) return;
  openDialog(t("keys.title"), () => h("dl", null, LIST.map(({ keys, words }) => h("div", null,
    h("dt", null, keys.split(" ").map((key) => h("kbd", null, key))), h("dd", null, t(words))))), "keys");
}
