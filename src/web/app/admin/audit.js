// The section `audit`: who did what.

import { Element, define } from "../element.js";
import { avatarOf } from "../avatar.js";
import { fill, h } from "../dom.js";
import { openDialog } from "../dialogs.js";
import { field } from "../forms.js";
import { icon } from "../icons.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { writeJson } from "./json.js";
import { listOf } from "./list.js";
import { block, facts, filters, heading, lead, moment, opener, when } from "./parts.js";
import { peoplePicker } from "./picker.js";

const ACTIONS = [
  "role_created", "role_changed", "role_deleted", "role_given", "role_taken", "user_suspended", "user_activated", "user_deleted", "user_erased",
  "password_changed", "email_changed", "profile_changed", "session_revoked", "token_made", "token_revoked", "webhook_made", "webhook_removed",
  "webhook_switched_on", "webhook_switched_off", "hook_made", "hook_removed", "event_deleted", "chat_deleted", "chat_handed_over", "member_role_changed",
  "member_removed", "member_banned", "member_unbanned", "messages_cleared", "post_changed", "post_deleted", "comment_deleted",
];

class Audit extends Element {
  /** @type {Record<string, any>} */
  #wanted = {};
  actor = peoplePicker(t("admin.actor"), 1);
  exports = h("div", { class: "inline" });
  list = listOf({
    label: t("admin.audit"), empty: t("admin.audit_none"), key: ({ id }) => id,
    load: (page, signal) => this.#load(page, signal),
    columns: [
      { label: t("admin.action"), cell: (record) => opener(actionOf(record.action), () => open(record)) },
      { label: t("admin.actor"), cell: (record) => actorOf(record) },
      { label: t("admin.target"), cell: (record) => targetOf(record) },
      { label: t("admin.at"), cell: ({ at }) => when(at) },
      { label: t("admin.address"), cell: ({ address: from }) => from ?? "–", class: "quiet" },
    ],
  });

  start() {
    const options = ACTIONS.map((action) => /** @type {[string, string]} */ ([action, actionOf(action)]));
    const bar = filters([
      field(t("admin.action"), { name: "action", kind: "select", options: [["", t("admin.all")], ...options] }),
      field(t("admin.target"), { name: "target", autocomplete: "off", placeholder: t("admin.target_hint") }),
      field(t("admin.from"), { name: "from", type: "datetime-local" }),
      field(t("admin.to"), { name: "to", type: "datetime-local" }),
      this.actor,
    ], (values) => {
      this.#wanted = { action: values.action || undefined, target: values.target.trim() || undefined, at_from: moment(values.from), at_to: moment(values.to), actor_id: this.actor.people[0]?.id };
      this.#drawExports();
      this.list.first();
    });
    this.listen(this.actor, "picked", () => bar.requestSubmit());
    this.#drawExports();
    fill(this, heading("audit", this.exports), lead("admin.audit_lead"), bar, this.list);
  }

  /** @param {{limit: number, offset: number}} page @param {AbortSignal} signal */
  async #load(page, signal) {
    const answer = await client.rest.get("/audit", { ...this.#wanted, ...page, include: "users" }, signal);
    const people = new Map(answer.users?.map((/** @type {any} */ user) => [user.id, user]));
    const items = answer.items.map((/** @type {any} */ record) => ({ ...record, actor: people.get(record.actor_id) ?? null, person: people.get(record.target) ?? null }));
    return { ...answer, items };
  }

  /** Links to the same as a file; the browser shows who I am. */
  #drawExports() {
    const query = new URLSearchParams(Object.entries(this.#wanted).filter(([, value]) => value !== undefined));
    fill(this.exports, ["csv", "xlsx"].map((format) => h("a", { class: "button", href: `/api/v1/audit?${query}${query.size ? "&" : ""}format=${format}`, download: `audit.${format}` },
      icon("download", 18), format.toUpperCase())));
  }
}

/** An action in words; one of a later version as it is. @param {string} action */
function actionOf(action) {
  const words = t(`admin.did_${action}`);
  return words.startsWith("admin.did_") ? action : words;
}

/** @param {any} record */
function actorOf({ actor, actor_id: id, data }) {
  if (actor) return h("a", { class: "person", href: address(`/people/${actor.id}`) }, avatarOf(actor, "small"), actor.name);
  if (id) return h("span", { class: "soft" }, t("app.gone_person"));
  return h("span", { class: "soft" }, data?.via === "command line" ? t("admin.command_line") : t("admin.the_server"));
}

/** @param {any} record */
function targetOf({ person, target }) {
  return person ? h("a", { href: address(`/people/${person.id}`) }, person.name) : h("code", null, target);
}

/** Who follows a link leaves the dialog. @param {HTMLDialogElement} dialog */
function leave(dialog) {
  return (/** @type {Event} */ { target }) => /** @type {HTMLElement} */ (target).closest("a") && dialog.close("");
}

/** @param {any} record */
function open(record) {
  return openDialog(actionOf(record.action), (dialog) => [h("div", { onclick: leave(dialog) }, facts([
    [t("admin.action"), h("code", null, record.action)], [t("admin.actor"), actorOf(record)], [t("admin.target"), h("span", null, targetOf(record), record.person ? h("small", { class: "block-line" }, record.target) : null)],
    [t("admin.at"), when(record.at)], [t("admin.address"), record.address], [t("admin.id"), h("code", null, record.id)],
  ])), block(t("admin.details"), writeJson(record.data))], "wide");
}

define("tl-admin-audit", Audit);
