// The places of an event: how many are left, my tickets, and my place on the waiting list.

import { Element, define } from "../element.js";
import { button } from "../buttons.js";
import { attempt, confirmed, notice, sentence } from "../dialogs.js";
import { fill, fillKeyed, h } from "../dom.js";
import { icon } from "../icons.js";
import { client } from "../session.js";
import { number, t, whole } from "../words.js";
import { Buying } from "./buying.js";
import { noteWaiting } from "./place.js";
import { showTicket } from "./ticket-dialog.js";
import { stateOf, until } from "./when.js";

/** How many places one may ask for at once. */
const MOST = 10;

/** `<tl-event-places>`: tells `changed` when it has done something. */
class EventPlaces extends Element {
  /** @type {import("./place.js").Look | null} */
  #look = null;
  /** What was refused as sold out: as long as no more are left, one can only wait for that many. @type {{left: number, quantity: number} | null} */
  #refused = null;
  /** Whether the hold that is shown next time or not is given up by hand. */
  #hasLetGo = false;
  #isBusy = false;
  /** @type {Buying | null} */
  buying = null;

  start() {
    this.className = "card stack event-places";
    const options = Array.from({ length: MOST }, (_, at) => h("option", { value: String(at + 1) }, number(at + 1)));
    this.count = h("p", { class: "event-count" });
    this.bar = h("div", { class: "event-bar", "aria-hidden": "true" }, h("div"));
    this.quantity = h("select", { "aria-label": t("events.how_many"), onchange: () => this.#drawButton() }, options);
    this.submit = button("", () => this.#ask(), { class: "primary" });
    this.asking = h("div", { class: "inline event-asking field" }, this.quantity, this.submit);
    this.line = h("div", { class: "stack event-line" });
    this.said = h("p", { role: "status", class: "event-said" });
    this.tickets = h("ul", { class: "stack" });
    fill(this, h("h2", null, t("events.places_title")), this.count, this.bar, this.line, this.asking, this.said, this.tickets);
    const tick = setInterval(() => this.#drawLine(), 20_000);
    this.signal.addEventListener("abort", () => clearInterval(tick));
    if (this.#look) this.show(this.#look);
  }

  /** @param {import("./place.js").Look} look */
  show(look) {
    const before = this.#look;
    this.#look = look;
    this.buying ??= new Buying(look.event.id);
    if (!this.isConnected || !this.quantity) return;
    if (before?.waiting?.held_until && !look.waiting && !this.#hasLetGo && !this.#isBusy) this.#say(t("events.hold_over"));
    if (!before?.waiting?.held_until && look.waiting?.held_until) {
      this.#say("");
      this.quantity.value = String(Math.min(look.waiting.quantity, MOST));
    }
    if (this.#refused && look.event.tickets_left > this.#refused.left) this.#refused = null;
    this.#draw();
  }

  #draw() {
    if (!this.#look || !this.count || !this.bar || !this.tickets) return;
    const { event, tickets } = this.#look;
    const share = event.max_tickets ? 100 * (1 - event.tickets_left / event.max_tickets) : 100;
    this.count.textContent = countOf(event);
    /** @type {HTMLElement} */ (this.bar.firstElementChild).style.inlineSize = `${share}%`;
    this.bar.hidden = stateOf(event) !== "coming" || event.max_tickets === 0;
    this.#drawLine();
    this.#drawButton();
    const key = (/** @type {any} */ { id, checked_in_at }) => [id, checked_in_at, stateOf(event)].join(" ");
    fillKeyed(this.tickets, tickets, key, (ticket) => this.#ticket(ticket));
    this.tickets.hidden = tickets.length === 0;
  }

  #drawLine() {
    if (!this.#look || !this.line) return;
    const { waiting } = this.#look;
    const shown = waiting ? JSON.stringify([waiting, waiting.held_until && until(waiting.held_until)]) : "";
    if (this.line.dataset.shown === shown) return;
    this.line.dataset.shown = shown;
    this.line.hidden = !waiting;
    this.line.classList.toggle("is-held", !!waiting?.held_until);
    if (!waiting) return fill(this.line);
    const giveUp = button(t("events.give_up"), () => this.#giveUp(), { class: waiting.held_until ? "" : "event-give-up" });
    if (waiting.held_until) {
      const free = h("strong", null, t("events.free_for_you", { count: waiting.quantity }));
      return fill(this.line, h("p", null, free), h("p", null, until(waiting.held_until)), giveUp);
    }
    fill(this.line, h("p", null, t("events.in_line", { position: number(waiting.position), count: waiting.quantity })),
      h("p", { class: "soft" }, t("events.in_line_hint")), giveUp);
  }

  /** What the button does now. */
  get #act() {
    const { event, waiting } = /** @type {import("./place.js").Look} */ (this.#look);
    const quantity = Number(this.quantity?.value);
    if (waiting?.held_until) return "take";
    const isRefused = this.#refused !== null && quantity >= this.#refused.quantity;
    return quantity > event.tickets_left || isRefused ? "wait" : "buy";
  }

  #drawButton() {
    if (!this.#look || !this.asking || !this.submit || !this.quantity) return;
    const { event, waiting, tickets } = this.#look;
    this.asking.hidden = stateOf(event) !== "coming" || event.max_tickets === 0 || (!!waiting && !waiting.held_until);
    const most = Math.min(MOST, waiting?.held_until ? waiting.quantity : event.max_tickets);
    for (const option of this.quantity.options) option.hidden = option.disabled = Number(option.value) > most;
    if (Number(this.quantity.value) > most) this.quantity.value = String(Math.max(1, most));
    this.submit.textContent = t(`events.${this.#act}`, { count: Number(this.quantity.value) });
    // Who has a ticket is here to show it.
    this.submit.classList.toggle("primary", tickets.length === 0 || this.#act === "take");
    this.submit.disabled = this.#isBusy;
    this.quantity.disabled = this.#isBusy;
  }

  /** @param {string} text */
  #say(text) {
    if (this.said) this.said.textContent = text;
  }

  async #ask() {
    if (this.#isBusy || !this.buying || !this.#look) return;
    const quantity = Number(this.quantity?.value);
    const body = this.#act === "wait" ? { quantity, wait: true } : { quantity };
    this.#isBusy = true;
    this.#say("");
    this.#drawButton();
    try {
      const answer = await this.buying.ask(body, () => this.#say(t("events.trying")), this.signal);
      const isTicket = answer.id !== undefined;
      if (!isTicket) noteWaiting(this.#look.event.id, true);
      this.#say("");
      notice(isTicket ? t("events.bought", { count: answer.quantity }) : t("events.waiting_now"));
      await this.#changed();
      const next = isTicket ? this.querySelector(`[data-ticket="${answer.id}"] button`) : this.line?.querySelector("button");
      /** @type {HTMLElement | null | undefined} */ (next)?.focus();
    } catch (error) {
      await this.#refusedBy(error, quantity);
    } finally {
      this.#isBusy = false;
      this.#drawButton();
    }
  }

  /** @param {any} error @param {number} quantity */
  async #refusedBy(error, quantity) {
    if (error?.name === "AbortError") return;
    if (error.code === "sold_out") {
      await this.#changed();
      const left = this.#look?.event.tickets_left ?? 0;
      this.#refused = { left, quantity };
      this.#say(left ? t("events.too_few", { count: left }) : t("events.just_sold_out"));
    } else if (error.code === "unreachable") {
      this.#say(t("events.unsure"));
    } else if (error.code === "event_started") {
      this.#say("");
      await this.#changed();
    } else {
      this.#say(sentence(error));
      await this.#changed();
    }
  }

  /** The page looks again; done when it shows what it found. */
  #changed() {
    return new Promise((resolve) => this.tell("changed", resolve));
  }

  /** @param {any} ticket */
  #ticket(ticket) {
    const { event } = /** @type {import("./place.js").Look} */ (this.#look);
    const isIn = ticket.checked_in_at !== null;
    return h("li", { class: "event-ticket", dataset: { ticket: ticket.id } }, icon("ticket", 24),
      h("div", { class: "grow" }, h("strong", null, t("events.your_ticket", { count: ticket.quantity })),
        isIn ? h("p", { class: "soft" }, t("events.came_in", { at: whole(ticket.checked_in_at) })) : null),
      button(t("events.show_code"), () => showTicket(event, ticket), { class: "primary" }),
      isIn || stateOf(event) === "over" ? null : button(t("events.give_back"), () => this.#giveBack(ticket)));
  }

  /** @param {any} ticket */
  async #giveBack(ticket) {
    if (!this.#look || !(await confirmed(t("events.give_back_question", { count: ticket.quantity }), t("events.give_back")))) return;
    const { event } = this.#look;
    await attempt(async () => {
      await client.rest.delete(`/events/${event.id}/tickets/${ticket.id}`).catch((/** @type {any} */ error) => {
        // It was given back before the answer got lost, or elsewhere.
        if (error.code !== "not_found") throw error;
      });
      notice(t("events.given_back"));
    });
    await this.#changed();
    this.submit?.focus();
  }

  async #giveUp() {
    if (!this.#look) return;
    const { event, waiting } = this.#look;
    const question = t(waiting?.held_until ? "events.give_up_hold_question" : "events.give_up_question");
    if (!(await confirmed(question, t("events.give_up")))) return;
    this.#hasLetGo = true;
    await attempt(() => client.rest.delete(`/events/${event.id}/waiting`));
    await this.#changed();
    this.#hasLetGo = false;
    this.submit?.focus();
  }
}

/** How many places there are still. @param {any} event */
function countOf(event) {
  if (event.max_tickets === 0) return t("events.no_places");
  if (stateOf(event) !== "coming") return t("events.begun");
  const { tickets_left: count, max_tickets } = event;
  return count ? t("events.left_of", { count, most: number(max_tickets) }) : t("events.all_taken", { count: max_tickets });
}

define("tl-event-places", EventPlaces);
