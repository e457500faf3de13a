// Something that is shown once, with a button that copies it.

import { button } from "../buttons.js";
import { notice } from "../dialogs.js";
import { h } from "../dom.js";
import { t } from "../words.js";

/** @param {string} label @param {string} text */
export function toCopy(label, text) {
  const shown = h("input", { type: "text", class: "copied", value: text, readOnly: true, "aria-label": label, onfocus: () => shown.select() });
  const copy = button(t("account.copy"), async () => {
    try {
      await navigator.clipboard.writeText(text);
      notice(t("account.copied"));
    } catch {
      // Where a page may not, the keys of the browser do.
      shown.focus();
      shown.select();
    }
  }, { class: "primary" });
  return h("div", { class: "copy" }, shown, copy);
}
