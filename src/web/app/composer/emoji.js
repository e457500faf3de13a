// Choosing an emoji; the picker is loaded when it is first opened.

import { attempt } from "../dialogs.js";
import { h } from "../dom.js";
import { lazy } from "../pages.js";
import { loaded } from "./loading.js";

/** Those that people use most: for reactions, and before anybody has used one. */
export const QUICK = ["👍", "❤️", "😂", "🎉", "😮", "😢", "🙏", "🔥"];

/** Opens the picker at a button; answers the emoji that was chosen, or null. @param {HTMLElement} anchor @returns {Promise<string | null>} */
export async function pickEmoji(anchor) {
  // A second click closes it; the first has done so already.
  if (anchor.hasAttribute("aria-expanded")) return null;
  if (!(await attempt(() => loaded(lazy.emoji))) || !anchor.isConnected) return null;
  const picker = h("tl-emoji-picker");
  // Inside an open dialog only what belongs to it can be used.
  (anchor.closest("dialog") ?? document.body).append(picker);
  anchor.setAttribute("aria-expanded", "true");
  const chosen = await picker.open(anchor);
  anchor.removeAttribute("aria-expanded");
  return chosen;
}
