// The events: those to come by day, those that are over, and mine.

import { Element, define } from "../element.js";
import { button } from "../buttons.js";
import { sentence } from "../dialogs.js";
import { fill, fillKeyed, h } from "../dom.js";
import { icon } from "../icons.js";
import { Pages, moreOf } from "../paging.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { cardOf } from "./event-card.js";
import { dayKey, dayName } from "./when.js";
import { MY_ZONE, behindGap, momentsOf } from "./zones.js";

/** How long is waited for the next letter. */
const PAUSE_MS = 250;
/** How long ago something has begun that is looked for among what goes on now. */
const RUNNING_MS = 24 * 3_600_000;
const TABS = ["coming", "past", "mine"];

/** `<tl-events-page>` */
class EventsPage extends Element {
  /** Counts what was asked, so that an answer that comes late is not shown. */
  #asked = 0;
  /** Events that I have tickets for. @type {Set<string>} */
  #held = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;
  /** @type {Pages | null} */
  pages = null;

  start() {
    this.className = "page events";
    const typed = () => this.#typed();
    this.tabs = h("nav", { class: "tabs", "aria-label": t("events.which") });
    this.search = h("input", { type: "search", "aria-label": t("events.search"), placeholder: t("events.search"), oninput: typed });
    this.from = h("input", { type: "date", oninput: typed });
    this.to = h("input", { type: "date", oninput: typed });
    this.list = h("div", { class: "event-days" });
    this.note = h("div", { class: "empty", role: "status" });
    this.end = moreOf(() => this.#more());
    fill(this, h("header", { class: "page-header" }, h("h1", null, t("events.title")),
      h("a", { class: "button", href: address("/tickets") }, icon("ticket", 18), t("events.my_tickets")),
      h("a", { class: "button primary", href: address("/events/new") }, icon("plus", 18), t("events.make"))),
    this.tabs,
    h("div", { class: "event-filter" }, this.search, h("label", null, h("span", null, t("events.from")), this.from),
      h("label", null, h("span", null, t("events.to")), this.to)),
    this.list, this.note, this.end);
    this.follow("frame", (frame) => this.#heard(frame));
    this.#show();
  }

  moved() {
    this.#show();
    return true;
  }

  stop() {
    clearTimeout(this.#later);
  }

  get #when() {
    return this.query.get("when") ?? "coming";
  }

  #show() {
    if (this.tabs) {
      fill(this.tabs, TABS.map((name) => h("a", {
        href: address("/events", name === "coming" ? {} : { when: name }), "aria-current": name === this.#when ? "page" : null,
      }, t(`events.${name}`))));
    }
    if (this.pages && this.list) fill(this.list);
    this.pages = null;
    this.#begin();
  }

  #typed() {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#begin(), PAUSE_MS);
  }

  /** What is asked for, of the tab and the fields. */
  #query() {
    const [from, to] = [momentOf(this.from?.value, "00:00"), momentOf(this.to?.value, "23:59")];
    const now = new Date().toISOString();
    return {
      search: this.search?.value.trim() || undefined,
      owner_id: this.#when === "mine" ? client.userId : undefined,
      event_time_from: this.#when === "coming" && (!from || from < now) ? now : from,
      event_time_to: this.#when === "past" && (!to || to > now) ? now : to,
    };
  }

  get #isFiltered() {
    return !!(this.search?.value.trim() || this.from?.value || this.to?.value);
  }

  async #begin() {
    const pages = new Pages("/events", this.#query(), { by: "event_time", isDown: this.#when !== "coming" });
    const asked = ++this.#asked;
    if (!this.list || !this.note || !this.end) return;
    this.list.ariaBusy = "true";
    if (!this.pages) {
      this.note.hidden = false;
      fill(this.note, t("app.loading"));
    }
    try {
      const [running] = await Promise.all([this.#running(pages), pages.more(this.signal)]);
      pages.items.unshift(...running);
      await this.#findTickets(pages.items);
      if (asked !== this.#asked) return;
      this.pages = pages;
      this.end.hidden = pages.isWhole;
      this.#draw();
    } catch (error) {
      if (asked !== this.#asked || !this.isConnected) return;
      fill(this.list);
      this.note.hidden = false;
      this.end.hidden = true;
      fill(this.note, sentence(error), button(t("app.retry"), () => this.#begin()));
    }
  }

  /** What has begun and is not over yet comes before what is to come. @param {Pages} pages */
  async #running(pages) {
    if (this.#when !== "coming" || this.#isFiltered) return [];
    const now = new Date();
    const query = { event_time_from: new Date(now.getTime() - RUNNING_MS).toISOString(), event_time_to: now.toISOString() };
    const begun = new Pages("/events", query, { by: "event_time", isDown: true, limit: 50 });
    await begun.more(this.signal);
    for (const [id, person] of begun.people) pages.people.set(id, person);
    return begun.items.filter(({ ends_at }) => Date.parse(ends_at) > now.getTime()).reverse();
  }

  /** For which of them I have tickets. @param {any[]} events */
  async #findTickets(events) {
    const times = events.map(({ event_time }) => event_time).sort();
    if (!times.length) return;
    const range = { event_time_from: times[0], event_time_to: times.at(-1), limit: 100 };
    const held = await client.rest.get("/users/me/tickets", range, this.signal);
    for (const { event_id } of held.items) this.#held.add(event_id);
  }

  async #more() {
    const { pages } = this;
    if (!pages) return false;
    await this.#findTickets(await pages.more(this.signal));
    if (pages === this.pages) this.#draw();
    return !(this.pages?.isWhole ?? true);
  }

  /** An event that is shown has changed, or is gone. @param {any} frame */
  async #heard({ type, notification }) {
    const id = type === "notification" ? notification.data?.event_id : null;
    const pages = this.pages;
    if (!id || !pages?.items.some((event) => event.id === id)) return;
    const now = await client.rest.get(`/events/${id}`, undefined, this.signal).catch((/** @type {any} */ error) => error);
    if (now.code === "not_found") pages.remove(id);
    else if (now.id === id) pages.items = pages.items.map((event) => (event.id === id ? now : event));
    if (pages === this.pages) this.#draw();
  }

  #draw() {
    if (!this.list || !this.note || !this.pages) return;
    this.list.ariaBusy = null;
    /** @type {Map<string, any[]>} */
    const days = new Map();
    for (const event of this.pages.items) {
      const key = dayKey(event.event_time);
      days.set(key, [...(days.get(key) ?? []), event]);
    }
    const draw = (/** @type {HTMLElement} */ section, /** @type {[string, any[]]} */ [, events]) => {
      if (section.lastElementChild) fillKeyed(section.lastElementChild, events, (event) => keyOf(event, this.#held), (event) => this.#item(event));
    };
    fillKeyed(this.list, [...days], ([key]) => key, (day) => {
      const section = h("section", { class: "event-day" }, h("h2", null, dayName(day[1][0].event_time)), h("ul", { class: "stack" }));
      draw(section, day);
      return section;
    }, draw);
    this.note.hidden = days.size > 0;
    if (!days.size) this.#drawEmpty();
  }

  #drawEmpty() {
    if (!this.note) return;
    if (!this.#isFiltered) {
      return fill(this.note, icon("events", 40), h("p", null, t(`events.none_${this.#when}`)),
        this.#when === "past" ? null : h("a", { class: "button", href: address("/events/new") }, t("events.make")));
    }
    fill(this.note, h("p", null, t("events.none_found")), button(t("events.clear"), () => {
      for (const input of [this.search, this.from, this.to]) if (input) input.value = "";
      this.search?.focus();
      this.#begin();
    }));
  }

  /** @param {any} event */
  #item(event) {
    return h("li", null, cardOf(event, { owner: this.pages?.people.get(event.owner_id), hasTicket: this.#held.has(event.id) }));
  }
}

/** What a card shows. @param {any} event @param {Set<string>} held */
function keyOf({ id, updated_at, tickets_left }, held) {
  return [id, updated_at, tickets_left, held.has(id)].join(" ");
}

/** @param {string | undefined} date @param {string} time of my clock */
function momentOf(date, time) {
  if (!date) return undefined;
  return new Date(momentsOf(date, time, MY_ZONE)[0] ?? behindGap(date, time, MY_ZONE)).toISOString();
}

define("tl-events-page", EventsPage);
