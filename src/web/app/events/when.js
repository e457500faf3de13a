// When an event is, in words.

import { language, t, whole } from "../words.js";
import { MY_ZONE, isZone, offsetIn, shownIn } from "./zones.js";

const DAY_MS = 86_400_000;

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [["day", DAY_MS], ["hour", 3_600_000], ["minute", 60_000]];

/** @param {string} zone */
const knownZone = (zone) => (isZone(zone) ? zone : "UTC");

/** From when to when on my clock, with the day. @param {any} event */
export function span(event) {
  return range(event, { dateStyle: "full", timeStyle: "short", timeZone: MY_ZONE });
}

/** The same on the clock of the event; with the day where that is another one than mine. @param {any} event */
export function spanThere(event) {
  const timeZone = knownZone(event.timezone);
  const isSameDay = [event.event_time, event.ends_at].every((at) => shownIn(at, timeZone).date === shownIn(at, MY_ZONE).date);
  return range(event, { ...(isSameDay ? {} : { dateStyle: "full" }), timeStyle: "short", timeZone });
}

/** @param {any} event @param {Intl.DateTimeFormatOptions} options */
function range({ event_time, ends_at }, options) {
  const format = new Intl.DateTimeFormat(language, options);
  const [from, to] = [new Date(event_time), new Date(ends_at)];
  return from.getTime() === to.getTime() ? format.format(from) : format.formatRange(from, to);
}

/** The time of a day there. @param {string | number} at @param {string} [zone] */
export function clock(at, zone = MY_ZONE) {
  return new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit", timeZone: knownZone(zone) }).format(new Date(at));
}

/** Day and time there. @param {string | number} at @param {string} zone */
export function dayAndClock(at, zone) {
  return new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short", timeZone: knownZone(zone) }).format(new Date(at));
}

/** A place with its offset at that moment: `Lord Howe (GMT+11)`. @param {string} zone @param {string | number} at */
export function placeOf(zone, at) {
  const timeZone = knownZone(zone);
  const parts = new Intl.DateTimeFormat(language, { timeZone, timeZoneName: "shortOffset" }).formatToParts(new Date(at));
  const offset = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const place = zone.split("/").at(-1)?.replaceAll("_", " ") ?? zone;
  return place === offset || place === "UTC" ? place : `${place} (${offset})`;
}

/** Whether clocks there show something else than mine. @param {any} event */
export function isElsewhere({ event_time, timezone }) {
  return isZone(timezone) && offsetIn(event_time, timezone) !== offsetIn(event_time, MY_ZONE);
}

/** How long it takes: `1 day, 2 hours`. @param {number} hours @param {number} [minutes] */
export function duration(hours, minutes = 0) {
  /** @type {[string, number][]} */
  const parts = [["day", hours >= 48 ? Math.floor(hours / 24) : 0], ["hour", hours >= 48 ? hours % 24 : hours], ["minute", minutes]];
  const texts = parts.filter(([, value]) => value > 0).map(([unit, value]) =>
    new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value));
  return new Intl.ListFormat(language, { type: "unit", style: "short" }).format(texts);
}

/** How far away a moment is: `in 3 days`, `20 minutes ago`. @param {string} at */
export function away(at) {
  const ms = Date.parse(at) - Date.now();
  const [unit, size] = UNITS.find(([, each]) => Math.abs(ms) >= each) ?? ["minute", 60_000];
  return new Intl.RelativeTimeFormat(language, { numeric: "always" }).format(Math.trunc(ms / size), unit);
}

/** Whether it has begun, and whether it is over. @param {any} event */
export function stateOf({ event_time, ends_at }) {
  const now = Date.now();
  if (now < Date.parse(event_time)) return "coming";
  return now < Date.parse(ends_at) ? "now" : "over";
}

/** The day of a moment, for sorting. @param {string} at */
export function dayKey(at) {
  return shownIn(at, MY_ZONE).date;
}

/** A day as a heading: today, tomorrow, or its date. @param {string} at */
export function dayName(at) {
  const days = Math.round((Date.parse(dayKey(at)) - Date.parse(dayKey(new Date().toISOString()))) / DAY_MS);
  const date = new Date(at);
  const isThisYear = date.getFullYear() === new Date().getFullYear();
  /** @type {Intl.DateTimeFormatOptions} */
  const options = { weekday: "long", day: "numeric", month: "long", ...(isThisYear ? {} : { year: "numeric" }) };
  const text = new Intl.DateTimeFormat(language, options).format(date);
  if (Math.abs(days) > 1) return upper(text);
  const day = upper(new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day"));
  return t("events.and", { one: day, other: text });
}

/** @param {string} text */
function upper(text) {
  const [first = "", ...rest] = text;
  return first.toLocaleUpperCase(language) + rest.join("");
}

/** When something runs out: the time, and how far away that is. @param {string} at */
export function until(at) {
  return t("events.until", { at: dayKey(at) === dayKey(new Date().toISOString()) ? clock(at) : whole(at), away: away(at) });
}
