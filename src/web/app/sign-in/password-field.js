// A field for a password, with a button that shows what was typed.

import { iconButton } from "../buttons.js";
import { field } from "../forms.js";
import { t } from "../words.js";
import { h } from "../dom.js";

/** @param {string} label @param {import("../dom.js").Props & {name: string, hint?: string}} props */
export function passwordField(label, props) {
  const element = field(label, { type: "password", required: true, maxlength: 128, spellcheck: "false", autocapitalize: "none", ...props });
  const input = /** @type {HTMLInputElement} */ (element.querySelector("input"));
  const show = iconButton("eye", t("sign_in.show_password"), () => {
    const isShown = input.type === "password";
    input.type = isShown ? "text" : "password";
    show.setAttribute("aria-pressed", String(isShown));
    input.focus();
  }, { "aria-pressed": "false", "aria-controls": input.id });
  const both = h("div", { class: "password-field" });
  input.replaceWith(both);
  both.append(input, show);
  return element;
}
