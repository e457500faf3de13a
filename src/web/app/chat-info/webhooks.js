// Webhooks: addresses that are told what happens in a chat.

import { button } from "../buttons.js";
import { attempt, confirmed } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { shownOnce } from "./once.js";
import { Paged, folded } from "./paged.js";

const EVENTS = ["new_message", "message_edited", "message_recalled", "messages_cleared", "sender_cleared", "reaction_added", "reaction_removed",
  "pin_added", "pin_removed", "member_joined", "member_left", "member_changed", "chat_updated"];

/** @param {import("./chat-info.js").ChatInfo} info */
export function webhooksSection(info) {
  return folded(t("info.webhooks"), () => {
    /** @type {Paged<any>} */
    const webhooks = new Paged({
      path: info.path("/webhooks"), keyOf: ({ id }) => id, empty: t("info.no_webhooks"), row: (webhook) => row(info, webhook, webhooks),
    });
    void webhooks.load();
    const made = h("div");
    const some = h("details", null, h("summary", null, t("info.some_events")),
      h("div", { class: "info-events" }, EVENTS.map((event) => field(event, { name: event, type: "checkbox" }))));
    const making = form([field(t("info.url"), { name: "url", type: "url", placeholder: "https://", maxlength: 2048, required: true }), some], t("info.make_webhook"), async (values, element) => {
      const body = { url: values.url.trim(), events: EVENTS.filter((event) => values[event]) };
      const { secret, ...webhook } = await client.rest.post(info.path("/webhooks"), body).catch(tellOfAddress);
      fill(made, shownOnce(t("info.secret"), secret));
      element.reset();
      webhooks.add(webhook);
    });
    return [h("p", { class: "soft" }, t("info.webhooks_about")), making, made, webhooks.element];
  });
}

/** @param {any} error @returns {never} */
function tellOfAddress(error) {
  const isIt = error.code === "address_not_allowed" || error.errors?.some((/** @type {any} */ { field: name }) => name === "url");
  const text = t(error.code === "address_not_allowed" ? "info.address_not_allowed" : "info.bad_url");
  throw isIt ? { message: text, errors: [{ field: "url", message: text }] } : error;
}

/** @param {import("./chat-info.js").ChatInfo} info @param {any} webhook @param {Paged<any>} webhooks */
function row(info, webhook, webhooks) {
  const { id, url, active, events, last_error } = webhook;
  const path = info.path(`/webhooks/${id}`);
  const turn = () => attempt(async () => webhooks.put(await client.rest.patch(path, { active: !active })));
  const remove = async () => {
    if (!(await confirmed(t("info.delete_webhook_question"), t("app.delete")))) return;
    if (await attempt(() => client.rest.delete(path))) webhooks.remove(id);
  };
  return [
    h("span", { class: "grow info-who" }, h("span", null, url),
      h("small", null, active ? (events.length ? events.join(", ") : t("info.all_events")) : t("info.is_off")),
      last_error ? h("small", { class: "field-error" }, last_error) : null),
    h("span", { class: "info-acts" }, button(t(active ? "info.turn_off" : "info.turn_on"), () => void turn()), button(t("app.delete"), () => void remove(), { class: "danger" })),
  ];
}
