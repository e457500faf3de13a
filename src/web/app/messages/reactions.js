// The reactions to a message: a chip for each emoji, with who it was; a click adds or takes away one's own.

import { h } from "../dom.js";
import { attempt } from "../dialogs.js";
import { client } from "../session.js";
import { number, t } from "../words.js";

/** How many names are told. */
const NAMED = 20;

/** @param {any} message @param {(id: string) => any} personOf @param {boolean} canReact */
export function reactionsOf(message, personOf, canReact) {
  return h("div", { class: "message-reactions" }, message.reactions.map((/** @type {any} */ reaction) => chip(message, reaction, personOf, canReact)));
}

/** @param {any} message @param {{emoji: string, count: number, user_ids: string[]}} reaction @param {(id: string) => any} personOf @param {boolean} canReact */
function chip(message, { emoji, count, user_ids }, personOf, canReact) {
  const isMine = user_ids.includes(client.userId ?? "");
  const names = user_ids.slice(0, NAMED).map((id) => (id === client.userId ? t("messages.you") : personOf(id)?.name ?? t("app.somebody")));
  const more = count - names.length;
  const who = more > 0 ? t("messages.and_more", { names: names.join(", "), count: more }) : names.join(", ");
  return h("button", {
    type: "button", class: "reaction", title: who, dataset: { emoji }, "aria-pressed": String(isMine), "aria-label": t("messages.reaction", { emoji, count, names: who }),
    disabled: !canReact, onclick: () => react(message, emoji, !isMine),
  }, h("span", { "aria-hidden": "true" }, emoji), h("span", { "aria-hidden": "true" }, number(count)));
}

/** @param {any} message @param {string} emoji @param {boolean} on */
export function react(message, emoji, on) {
  return attempt(() => client.react(message.chat_id, message.id, emoji, on));
}
