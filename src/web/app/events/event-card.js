// An event in a list.

import { h } from "../dom.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { clock, duration, isElsewhere, placeOf, stateOf } from "./when.js";

/**
 * @param {any} event
 * @param {{owner?: any, hasTicket?: boolean}} more
 */
export function cardOf(event, { owner, hasTicket = false }) {
  const name = owner?.name ?? t("app.gone_person");
  const place = placeOf(event.timezone, event.event_time);
  const facts = [
    event.duration_hours || event.duration_minutes ? duration(event.duration_hours, event.duration_minutes) : null,
    t("events.by", { name: event.owner_id === client.userId ? t("events.you") : name }),
    isElsewhere(event) ? t("events.there", { time: clock(event.event_time, event.timezone), place }) : null,
  ];
  return h("article", { class: "card event-card" },
    h("time", { class: "event-clock", dateTime: event.event_time }, clock(event.event_time)),
    h("div", { class: "grow stack event-card-text" },
      h("h3", { dir: "auto" }, h("a", { href: address(`/events/${event.id}`) }, event.name)),
      h("p", { class: "soft event-facts" }, facts.filter(Boolean).map((fact) => h("span", { dir: "auto" }, fact))),
      event.description ? h("p", { class: "event-excerpt", dir: "auto" }, event.description.slice(0, 300)) : null,
      h("p", { class: "inline" }, chipsOf(event, hasTicket))));
}

/** What is to be known at once. @param {any} event @param {boolean} hasTicket */
export function chipsOf(event, hasTicket) {
  const state = stateOf(event);
  const left = event.tickets_left;
  const places = h("span", { class: left ? "chip" : "chip danger" }, left ? t("events.left", { count: left }) : t("events.sold_out"));
  return [
    state === "now" ? h("span", { class: "chip good" }, t("events.now")) : null,
    state === "over" ? h("span", { class: "chip" }, t("events.over")) : null,
    state === "coming" && event.max_tickets > 0 ? places : null,
    hasTicket ? h("span", { class: "chip accent" }, t("events.have_ticket")) : null,
  ];
}
