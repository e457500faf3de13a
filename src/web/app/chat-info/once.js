// What is shown once and then never again: a link or a secret, with a button that copies it.

import { button } from "../buttons.js";
import { notice } from "../dialogs.js";
import { h } from "../dom.js";
import { t } from "../words.js";

/** @param {string} label @param {string} value */
export function shownOnce(label, value) {
  const input = h("input", { type: "text", readOnly: true, value, "aria-label": label, onfocus: () => input.select() });
  const copy = button(t("info.copy"), async () => {
    if (await copied(value, input)) notice(t("info.copied"));
  }, { class: "primary" });
  const element = h("div", { class: "info-once card stack", role: "group", "aria-label": label }, h("strong", null, label), h("div", { class: "field" }, input), h("div", { class: "inline" },
    h("small", { class: "grow" }, t("info.once")), copy));
  // The button is what comes next, wherever the focus was.
  queueMicrotask(() => copy.focus());
  return element;
}

/** Pages that did not come by HTTPS may not use the clipboard. @param {string} value @param {HTMLInputElement} input */
async function copied(value, input) {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    input.select();
    return document.execCommand("copy");
  }
}
