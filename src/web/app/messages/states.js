// What has become of a message of mine that does not stand in the chat yet.

import { button } from "../buttons.js";
import { h } from "../dom.js";
import { attempt } from "../dialogs.js";
import { icon } from "../icons.js";
import { client } from "../session.js";
import { t } from "../words.js";

/** @param {any} message */
export function stateOf(message) {
  const { state, client_id } = message;
  if (state !== "failed") return h("div", { class: "message-state" }, icon(state === "queued" ? "clock" : "send", 14), t(`messages.${state}`));
  return h("div", { class: "message-state is-failed", role: "group", "aria-label": t("messages.failed_title") },
    h("span", { class: "message-state-why" }, icon("warning", 16), h("span", { dir: "auto" }, t("messages.failed", { reason: reasonOf(message) }))),
    button(t("app.retry"), () => attempt(() => client.retry(client_id))),
    button(t("messages.discard"), () => attempt(() => client.discard(client_id)), { class: "quiet" }));
}

/** @param {any} message */
function reasonOf({ error }) {
  return error?.errors?.map((/** @type {any} */ { field, message }) => `${field} ${message}`).join(", ") || error?.message || "";
}
