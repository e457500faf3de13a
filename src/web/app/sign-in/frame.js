// What all pages of this feature have around them: the product's name, the choice of a language and of light or dark.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { address } from "../router.js";
import { chooseTheme, theme } from "../theme.js";
import { LANGUAGES, chooseLanguage, language, t } from "../words.js";

/** @param {string} title @param {...import("../dom.js").Child} content */
export function frame(title, ...content) {
  return h("div", { class: "sign-in" },
    h("header", { class: "sign-in-brand" },
      h("span", { class: "sign-in-mark" }, icon("chats", 28)),
      h("div", null, h("strong", null, "Trunkline"), h("p", { class: "soft" }, t("sign_in.about")))),
    h("section", { class: "sign-in-card stack" }, h("h1", null, title), ...content),
    h("footer", { class: "sign-in-choices" },
      choice(t("sign_in.language"), Object.entries(LANGUAGES), language, chooseLanguage),
      choice(t("sign_in.theme"), ["", "light", "dark"].map((name) => [name, t(`sign_in.theme_${name || "system"}`)]), theme(), chooseTheme)));
}

/** @param {string} label @param {string[][]} options @param {string} current @param {(value: string) => void} choose */
function choice(label, options, current, choose) {
  const onchange = (/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value);
  const all = options.map(([value, text]) => h("option", { value, selected: value === current }, text));
  return h("label", null, h("span", { class: "visually-hidden" }, label), h("select", { onchange }, all));
}

/** A line below a form that leads elsewhere. @param {string | null} text @param {string} link @param {string} path @param {Record<string, string | undefined>} [query] */
export function way(text, link, path, query) {
  return h("p", { class: "soft" }, text, text ? " " : null, h("a", { href: address(path, query) }, link));
}
