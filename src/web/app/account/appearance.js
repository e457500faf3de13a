// How the client looks on this device: language, light or dark, and which way the lines run.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { chooseDirection, chooseTheme, direction, theme } from "../theme.js";
import { LANGUAGES, chooseLanguage, language, t } from "../words.js";

class Appearance extends Element {
  start() {
    fill(this, h("p", { class: "soft" }, t("account.appearance_hint")),
      choice("language", t("account.language"), Object.entries(LANGUAGES), language, chooseLanguage),
      choice("theme", t("account.theme"), ["", "light", "dark"].map((name) => [name, t(`account.theme_${name || "system"}`)]), theme(), chooseTheme),
      choice("direction", t("account.direction"), ["ltr", "rtl"].map((name) => [name, t(`account.${name}`)]), direction(), chooseDirection, t("account.direction_hint")),
      h("section", { class: "card" }, h("h2", null, t("account.motion")), h("p", null, t("account.motion_hint"))));
  }
}

/**
 * Some of which one is chosen; it counts at once.
 * @param {string} name @param {string} label @param {string[][]} options @param {string} current @param {(value: string) => void} choose @param {string} [hint]
 */
function choice(name, label, options, current, choose, hint) {
  return h("fieldset", { class: "card account-choice" }, h("legend", null, label), hint ? h("small", null, hint) : null,
    h("div", { class: "inline" }, options.map(([value, text]) => h("label", { class: "account-option", lang: name === "language" ? value : null },
      h("input", { type: "radio", name, value, checked: value === current, onchange: () => choose(value) }), text))));
}

define("tl-account-appearance", Appearance);
