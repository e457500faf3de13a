// The button that goes back to the end of a chat, with how much is new there.

import { fill, h } from "../dom.js";
import { t } from "../words.js";

/** Farther than so many pixels from the end it is shown. */
const FAR = 300;

/** The button of a history. @param {() => void} onclick */
export function presentButton(onclick) {
  return h("button", { type: "button", class: "history-present", hidden: true, onclick });
}

/** @param {HTMLElement} button @param {import("./scroll-anchor.js").ScrollAnchor} anchor @param {number} unread */
export function drawPresentButton(button, anchor, unread) {
  const isAway = !anchor.reachesEnd || (!anchor.isAtEnd && (anchor.below > FAR || unread > 0));
  // Whoever has pressed it goes on from where it brought them.
  if (!isAway && button === document.activeElement) anchor.view.focus({ preventScroll: true });
  button.hidden = !isAway;
  const words = unread ? t("messages.to_present_new", { count: unread }) : t("messages.to_present");
  if (button.textContent !== words) fill(button, words);
}
