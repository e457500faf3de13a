// My tickets, what is held for me, and where I wait.

import { Element, define } from "../element.js";
import { button } from "../buttons.js";
import { sentence } from "../dialogs.js";
import { fill, fillKeyed, h } from "../dom.js";
import { icon } from "../icons.js";
import { Pages, moreOf } from "../paging.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { number, t, whole } from "../words.js";
import { backTo } from "./gone.js";
import { noteWaiting, waitingAt, whereIWait } from "./place.js";
import { showTicket } from "./ticket-dialog.js";
import { away, clock, dayName, stateOf, until } from "./when.js";

/** How often it is told anew how long a hold lasts. */
const TICK_MS = 20_000;

/** `<tl-tickets-page>` */
class TicketsPage extends Element {
  /** @type {Pages | null} */
  pages = null;
  /** Counts what was asked, so that an answer that comes late is not shown. */
  #asked = 0;
  /** @type {{event: any, place: any}[]} */
  #line = [];

  start() {
    this.className = "page tickets";
    this.tabs = h("nav", { class: "tabs", "aria-label": t("events.which_tickets") });
    this.line = h("ul", { class: "stack" });
    this.waiting = h("section", { class: "stack event-day", hidden: true }, h("h2", null, t("events.line_mine")), this.line);
    this.list = h("ul", { class: "stack" });
    this.note = h("div", { class: "empty", role: "status" });
    this.end = moreOf(() => this.#more());
    fill(this, backTo("/events", t("events.title")),
      h("header", { class: "page-header" }, h("h1", null, t("events.my_tickets")),
        h("a", { class: "button", href: address("/account/data") }, icon("events", 18), t("events.subscribe"))), this.tabs, this.waiting, this.list, this.note, this.end);
    this.follow("frame", ({ type, notification }) => type === "notification" && notification.data?.event_id && this.#begin());
    this.follow("state", (state) => state === "online" && this.#begin());
    const tick = setInterval(() => this.#tick(), TICK_MS);
    this.signal.addEventListener("abort", () => clearInterval(tick));
    this.#show();
  }

  moved() {
    this.pages = null;
    if (this.list) fill(this.list);
    this.#show();
    return true;
  }

  get #isPast() {
    return this.query.get("when") === "past";
  }

  #show() {
    const tab = (/** @type {string} */ name, /** @type {boolean} */ isCurrent, query = {}) =>
      h("a", { href: address("/tickets", query), "aria-current": isCurrent ? "page" : null }, t(`events.${name}`));
    if (this.tabs) fill(this.tabs, tab("coming", !this.#isPast), tab("past", this.#isPast, { when: "past" }));
    this.#begin();
  }

  async #begin() {
    const asked = ++this.#asked;
    // Who has come in still needs their ticket: what has begun today is shown with what comes.
    const border = new Date(new Date().setHours(0, 0, 0, 0)).toISOString();
    const query = this.#isPast ? { event_time_to: border } : { event_time_from: border };
    const limit = Math.min(100, Math.max(20, this.pages?.items.length ?? 0));
    const order = { by: "event_time", isDown: this.#isPast, limit, timeOf: (/** @type {any} */ { event }) => event.event_time };
    const pages = new Pages("/users/me/tickets", query, order);
    if (!this.note || !this.end || !this.list) return;
    if (!this.pages) {
      this.note.hidden = false;
      fill(this.note, t("app.loading"));
    }
    try {
      const [line] = await Promise.all([this.#isPast ? [] : lineOf(this.signal), pages.more(this.signal)]);
      if (asked !== this.#asked) return;
      [this.pages, this.#line] = [pages, line];
      this.end.hidden = pages.isWhole;
      this.#draw();
    } catch (error) {
      if (asked !== this.#asked || !this.isConnected || this.pages) return;
      this.end.hidden = true;
      fill(this.note, sentence(error), button(t("app.retry"), () => this.#begin()));
    }
  }

  async #more() {
    const { pages } = this;
    if (!pages) return false;
    await pages.more(this.signal);
    if (pages === this.pages) this.#draw();
    return !(this.pages?.isWhole ?? true);
  }

  /** Holds run out while the page is open. */
  #tick() {
    if (this.#line.some(({ place }) => place.held_until && Date.parse(place.held_until) < Date.now())) this.#begin();
    else this.#drawLine();
  }

  #draw() {
    if (!this.pages || !this.list || !this.note) return;
    this.#drawLine();
    const { items } = this.pages;
    fillKeyed(this.list, items, keyOf, (ticket) => this.#item(ticket));
    this.note.hidden = items.length > 0 || this.#line.length > 0;
    if (!items.length) {
      fill(this.note, icon("ticket", 40), h("p", null, t(this.#isPast ? "events.no_tickets_past" : "events.no_tickets")),
        h("a", { class: "button", href: address("/events") }, t("events.to_all")));
    }
  }

  #drawLine() {
    if (!this.waiting || !this.line) return;
    this.waiting.hidden = this.#line.length === 0;
    const key = (/** @type {any} */ { event, place }) =>
      [event.id, event.updated_at, place.position, place.quantity, place.held_until && until(place.held_until)].join(" ");
    fillKeyed(this.line, this.#line, key, ({ event, place }) => h("li", { class: `card event-card ${place.held_until ? "is-held" : ""}` },
      h("div", { class: "grow" }, h("h3", { dir: "auto" }, h("a", { href: address(`/events/${event.id}`) }, event.name)),
        h("p", { class: "soft" }, whole(event.event_time)),
        h("p", null, place.held_until ? [t("events.free_for_you", { count: place.quantity }), " ", until(place.held_until)]
          : t("events.in_line", { position: number(place.position), count: place.quantity })))));
  }

  /** @param {any} ticket */
  #item(ticket) {
    // A list of tickets tells no more of an event.
    const event = { ...ticket.event, id: ticket.event_id, ends_at: ticket.event.event_time };
    const chips = [
      stateOf(event) === "coming" ? h("span", { class: "chip" }, away(event.event_time)) : null,
      ticket.checked_in_at ? h("span", { class: "chip good" }, t("events.is_in")) : null,
    ];
    return h("li", { class: "card event-card" },
      h("div", { class: "grow" },
        h("h2", { dir: "auto" }, h("a", { href: address(`/events/${event.id}`) }, event.name)),
        h("p", { class: "soft" }, t("events.and", { one: dayName(event.event_time), other: clock(event.event_time) })),
        h("p", { class: "inline" }, t("events.places", { count: ticket.quantity }), chips)),
      button(t("events.show_code"), () => showTicket(event, ticket), {
        class: this.#isPast ? "" : "primary", "aria-label": `${t("events.show_code")}: ${event.name}`,
      }));
  }
}

/** What a ticket shows. @param {any} ticket */
function keyOf({ id, event, checked_in_at }) {
  return [id, checked_in_at, JSON.stringify(event), away(event.event_time)].join(" ");
}

/** Where I wait, or have places held: what this browser knows of, and what I was told of. @param {AbortSignal} signal */
async function lineOf(signal) {
  const told = await client.rest.get("/notifications", { kind: "place_free", limit: 20 }, signal);
  const held = told.items.filter((/** @type {any} */ { data }) => Date.parse(data.held_until) > Date.now()).map((/** @type {any} */ { data }) => data.event_id);
  const ids = [...new Set([...whereIWait(), ...held])];
  const found = await Promise.all(ids.map(async (id) => {
    try {
      const [event, place] = await Promise.all([client.rest.get(`/events/${id}`, undefined, signal), waitingAt(id, signal)]);
      if (stateOf(event) !== "coming") noteWaiting(id, false);
      return place && stateOf(event) === "coming" ? { event, place } : null;
    } catch (error) {
      if (/** @type {any} */ (error).code !== "not_found") throw error;
      noteWaiting(id, false);
      return null;
    }
  }));
  const line = /** @type {{event: any, place: any}[]} */ (found.filter((each) => each !== null));
  return line.sort((one, other) => (one.event.event_time < other.event.event_time ? -1 : 1));
}

define("tl-tickets-page", TicketsPage);
