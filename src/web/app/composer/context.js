// What stands above the field: the message that is replied to or edited, that files are waited for, what another window wrote.

import { button, iconButton } from "../buttons.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { client } from "../session.js";
import { language, t } from "../words.js";
import { beginning } from "./text.js";

/** Draws the message that is replied to or edited. @param {HTMLElement} place @param {import("./draft.js").Draft} draft @param {() => void} onend */
export function drawContext(place, draft, onend) {
  const { edit, reply } = draft;
  const name = reply && (client.person(reply.sender_id ?? "")?.name ?? t("app.somebody"));
  const shown = JSON.stringify([edit?.id, reply, name]);
  if (place.dataset.shown === shown) return;
  place.dataset.shown = shown;
  place.hidden = !edit && !reply;
  /** @param {() => void} end */
  const ending = (end) => () => {
    end();
    onend();
  };
  if (edit) fill(place, line("edit", t("composer.editing"), beginning(edit.before), t("composer.no_edit"), ending(() => draft.editMessage(null))));
  else if (reply) {
    const title = t("composer.replying", { name: name ?? "" });
    fill(place, line("reply", title, reply.text || t("composer.files_only"), t("composer.no_reply"), ending(() => draft.answer(null))));
  } else fill(place);
}

/** @param {string} picture @param {string} title @param {string} text @param {string} end @param {() => void} onend */
function line(picture, title, text, end, onend) {
  return [
    icon(picture, 18),
    h("div", { class: "composer-context-text" }, h("strong", { dir: "auto" }, title), h("span", { dir: "auto" }, text)),
    iconButton("close", end, onend),
  ];
}

/** Draws that it is sent when the files are there. @param {HTMLElement} place @param {import("./draft.js").Draft} draft @param {() => void} onend */
export function drawWaiting(place, draft, onend) {
  const percent = share(draft.uploads);
  if (place.hidden === draft.isWanted) {
    place.hidden = !draft.isWanted;
    fill(place, draft.isWanted && [h("span", { class: "grow" }, t("composer.wanted")), h("span", { class: "composer-share", "aria-hidden": "true" }),
      button(t("composer.not_yet"), () => {
        draft.wait();
        onend();
      })]);
  }
  const told = place.querySelector(".composer-share");
  if (told) told.textContent = percent;
}

/** Draws what another window has written in the same place. @param {HTMLElement} place @param {import("./draft.js").Draft} draft @param {() => void} onend */
export function drawOther(place, draft, onend) {
  if (place.dataset.shown === draft.other) return;
  place.dataset.shown = draft.other;
  place.hidden = !draft.other;
  /** @param {() => void} act */
  const then = (act) => () => {
    act();
    onend();
  };
  fill(place, draft.other && [
    h("div", { class: "grow" }, h("strong", null, t("composer.other")), h("p", { class: "composer-other-text", dir: "auto" }, beginning(draft.other, 300))),
    h("div", { class: "actions" }, button(t("composer.keep_mine"), then(() => draft.dismiss())), button(t("composer.take_other"), then(() => draft.swap()))),
  ]);
}

/** How far all of them are, for the line that says that the message waits. @param {import("./uploaded.js").Upload[]} uploads */
function share(uploads) {
  const sizes = uploads.reduce((sum, each) => sum + each.size, 0) || 1;
  const done = uploads.reduce((sum, each) => sum + each.size * each.progress, 0);
  return new Intl.NumberFormat(language, { style: "percent" }).format(Math.floor((done / sizes) * 100) / 100);
}
