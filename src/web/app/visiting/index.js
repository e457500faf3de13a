// The feature `visiting`: a public chat, for who is not in it and reads along.

import { button } from "../buttons.js";
import { h } from "../dom.js";
import { t, addWords } from "../words.js";
import { VisitorSource } from "./source.js";
import { en, ru, zh } from "./words.js";

addWords({ en, zh, ru });

/** The messages of such a chat. @param {string} chatId @param {() => void} onChange */
export function visitorSource(chatId, onChange) {
  return new VisitorSource(chatId, onChange);
}

/** What stands where a member writes. @param {(button: HTMLButtonElement) => void} onjoin */
export function joinBar(onjoin) {
  const join = button(t("visiting.join"), () => onjoin(join), { class: "primary" });
  return h("div", { class: "conversation-join" }, h("p", null, t("visiting.join_hint")), join);
}
