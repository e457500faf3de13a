// Where an event is made, or changed.

import { Element, define } from "../element.js";
import { button } from "../buttons.js";
import { confirmed, notice, sentence } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { field, form, values } from "../forms.js";
import { keep, kept } from "../kept.js";
import { address, go } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { randomName } from "../../client/platform.js";
import { goneView } from "./gone.js";
import { mayManage } from "./place.js";
import { duration } from "./when.js";
import { WhenFields } from "./when-fields.js";

/** When one can be reminded, in minutes before. */
const REMINDERS = [0, 10, 30, 60, 120, 1_440, 10_080];

/** `<tl-event-form-page>`: a new event, or the one that the address names. */
class EventFormPage extends Element {
  /** Names what is sent, so that it becomes one event however often it has to be sent. */
  #key = randomName();

  start() {
    this.className = "page event-form";
    if (!this.params.event_id) return this.#draw(null);
    fill(this, h("p", { class: "empty", role: "status" }, t("app.loading")));
    this.#load();
  }

  get #path() {
    return `/events/${this.params.event_id}`;
  }

  async #load() {
    try {
      const event = await client.rest.get(this.#path, undefined, this.signal);
      if (!mayManage(event)) return go(this.#path, {}, true);
      if (this.isConnected) this.#draw(event);
    } catch (error) {
      if (!this.isConnected) return;
      if (/** @type {any} */ (error).code === "not_found") return fill(this, goneView());
      fill(this, h("div", { class: "empty" }, sentence(error), button(t("app.retry"), () => this.#load())));
    }
  }

  /** @param {any} event null for a new one */
  #draw(event) {
    // A new one that was begun before.
    const draft = event ? null : kept("events.new");
    const value = event ?? { duration_hours: 2, duration_minutes: 0, max_tickets: 20, remind_minutes: 60, ...draft };
    this.when = new WhenFields(event, draft);
    const reminders = [...new Set([...REMINDERS, Number(value.remind_minutes)])].sort((one, other) => one - other);
    const fields = [
      field(t("events.field_name"), { name: "name", value: value.name, autocomplete: "off", required: true, autofocus: !event }),
      field(t("events.field_description"), { name: "description", kind: "textarea", value: value.description, rows: 6 }),
      this.when.element,
      h("div", { class: "event-numbers" },
        field(t("events.field_hours"), { name: "duration_hours", type: "number", min: 0, max: 8760, value: value.duration_hours }),
        field(t("events.field_minutes"), { name: "duration_minutes", type: "number", min: 0, max: 59, value: value.duration_minutes }),
        field(t("events.field_places"), { name: "max_tickets", type: "number", min: 0, max: 1_000_000, value: value.max_tickets, required: true })),
      field(t("events.field_remind"), {
        name: "remind_minutes", kind: "select", value: value.remind_minutes,
        options: reminders.map((minutes) => [String(minutes), minutes ? t("events.before", { time: lengthOf(minutes) }) : t("events.never")]),
      }),
      event ? null : field(t("events.field_chat"), { name: "with_chat", type: "checkbox", checked: value.with_chat, hint: t("events.hint_chat") }),
    ];
    const cancel = h("a", { class: "button", href: address(event ? this.#path : "/events") }, t("app.cancel"));
    this.form = form(fields, t(event ? "app.save" : "events.create"), (sent) => this.#send(sent, event), cancel);
    this.form.addEventListener("input", () => this.#changed(event));
    const found = h("p", { class: "card inline", hidden: !draft }, h("span", { class: "grow" }, t("events.draft_found")),
      button(t("events.discard"), () => this.#discard(), { class: "quiet" }));
    fill(this, h("header", { class: "page-header" }, h("h1", null, t(event ? "events.editing" : "events.new"))), found, this.form);
    // The frame takes the focus to the page first.
    if (!event) queueMicrotask(() => this.form?.querySelector("input")?.focus());
  }

  /** @param {any} event */
  #changed(event) {
    this.#key = randomName();
    if (event || !this.form) return;
    const { which_time, ...written } = values(this.form);
    keep("events.new", written);
  }

  async #discard() {
    if (!(await confirmed(t("events.discard_question"), t("events.discard")))) return;
    keep("events.new", null);
    this.#draw(null);
  }

  /** @param {Record<string, any>} sent @param {any} event */
  async #send(sent, event) {
    const { when } = this;
    if (!when) return;
    const body = {
      name: sent.name, description: sent.description, ...when.body,
      duration_hours: sent.duration_hours ?? 0, duration_minutes: sent.duration_minutes ?? 0,
      max_tickets: sent.max_tickets ?? 0, remind_minutes: Number(sent.remind_minutes),
      with_chat: event ? event.with_chat : sent.with_chat,
    };
    const { date, time } = when.values;
    if (!date || !time) throw { message: t("events.no_time"), errors: [{ field: date ? "time" : "date", message: t("events.no_time") }] };
    const made = event ? await client.rest.put(this.#path, body).catch((/** @type {any} */ error) => this.#tellTaken(error))
      : await client.rest.call("POST", "/events", { body, headers: { "idempotency-key": this.#key } });
    if (!event) keep("events.new", null);
    const moved = when.movedTo(made);
    if (moved) notice(t("events.moved", { at: moved }));
    go(`/events/${made.id}`, {}, true);
  }

  /** Says in which field it is, where there are to be fewer places than are sold or held. @param {any} error */
  async #tellTaken(error) {
    if (error.code !== "conflict") throw error;
    const { max_tickets, tickets_left } = await client.rest.get(this.#path);
    const message = t("events.taken", { count: max_tickets - tickets_left });
    throw { message, errors: [{ field: "max_tickets", message }] };
  }
}

/** @param {number} minutes */
function lengthOf(minutes) {
  return duration(Math.floor(minutes / 60), minutes % 60);
}

define("tl-event-form-page", EventFormPage);
