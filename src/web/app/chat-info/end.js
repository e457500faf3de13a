// Leaving a chat, clearing it, and deleting it.

import { button } from "../buttons.js";
import { leaveChat } from "../chats/leave.js";
import { attempt, confirmed, openDialog } from "../dialogs.js";
import { h } from "../dom.js";
import { field, form } from "../forms.js";
import { go, here } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";

/** @param {import("./chat-info.js").ChatInfo} info */
export function endSection(info) {
  const leave = button(t("chats.leave"), () => void leaveChat(info.chat).then((isLeft) => isLeft && info.tell("close")), { class: "danger" });
  const clear = button(t("info.clear"), async () => {
    if (await confirmed(t("info.clear_question", { title: info.chat.title }), t("info.clear"))) await attempt(() => client.rest.delete(info.path("/messages")));
  }, { class: "danger" });
  const end = button(t("info.delete"), () => void askToDelete(info), { class: "danger" });
  const isCreator = info.role === "creator";
  const note = h("p", { class: "soft" }, t("info.creator_stays"));
  // Who is alone may leave: the chat ends then.
  const draw = () => {
    note.hidden = !isCreator || info.chat.member_count < 2;
    leave.hidden = !note.hidden;
  };
  info.hear(draw);
  draw();
  return h("section", { class: "info-section stack" }, note, h("div", { class: "inline" }, leave, isCreator ? [clear, end] : null));
}

/** Whoever deletes a chat types its title: that is not done by mistake. @param {import("./chat-info.js").ChatInfo} info */
function askToDelete(info) {
  const { title } = info.chat;
  return openDialog(t("info.delete_title", { title }), (dialog) => {
    const typed = field(t("info.type_title", { title }), { name: "title", autocomplete: "off", oninput: () => check() });
    const asking = form([h("p", null, t("info.delete_about")), typed], t("info.delete"), async () => {
      await client.rest.delete(info.path());
      dialog.close("");
      if (here().path === info.path()) go("/", {}, true);
      info.tell("close");
    }, button(t("app.cancel"), () => dialog.close("")));
    const submit = /** @type {HTMLButtonElement} */ (asking.querySelector("[type=submit]"));
    const input = /** @type {HTMLInputElement} */ (typed.querySelector("input"));
    submit.className = "button danger";
    const check = () => (submit.disabled = input.value.trim() !== title.trim());
    check();
    return asking;
  });
}
