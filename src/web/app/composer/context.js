// What stands above the field: the message that is replied to or edited.

import { iconButton } from "../buttons.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { beginning } from "./text.js";

/** Draws it, where there is something. @param {HTMLElement} place @param {import("./draft.js").Draft} draft */
export function drawContext(place, draft) {
  const { edit, reply } = draft;
  place.hidden = !edit && !reply;
  if (edit) fill(place, line("edit", t("composer.editing"), beginning(edit.before), t("composer.no_edit"), () => draft.editMessage(null)));
  else if (reply) {
    const name = client.person(reply.sender_id ?? "")?.name ?? t("app.somebody");
    fill(place, line("reply", t("composer.replying", { name }), reply.text || t("composer.files_only"), t("composer.no_reply"), () => draft.answer(null)));
  } else fill(place);
}

/** @param {string} picture @param {string} title @param {string} text @param {string} end @param {() => void} onend */
function line(picture, title, text, end, onend) {
  return [icon(picture, 18), h("div", { class: "composer-context-text" }, h("strong", { dir: "auto" }, title), h("span", { dir: "auto" }, text)), iconButton("close", end, onend)];
}
