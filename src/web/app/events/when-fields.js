// When an event is to begin: a day, a time and a time zone, with what becomes of times that clocks skip or show twice.

import { fill, h } from "../dom.js";
import { field } from "../forms.js";
import { t } from "../words.js";
import { clock, dayAndClock, placeOf } from "./when.js";
import { MY_ZONE, behindGap, isZone, momentsOf, offsetIn, shownIn, withOffset, zones } from "./zones.js";

/** The fields, and what they say together. */
export class WhenFields {
  /** Which of two moments is meant; how many minutes its clock is before UTC. @type {number | null} */
  #offset = null;

  /** @param {any} event one that there is already, or null @param {any} draft what was begun: `date`, `time` and `timezone` */
  constructor(event, draft) {
    this.event = event;
    this.zone = event?.timezone ?? draft?.timezone ?? MY_ZONE;
    const { date, time } = event ? shownIn(event.event_time, this.zone) : { date: "", time: "", ...draft };
    this.date = field(t("events.field_date"), { name: "date", type: "date", required: true, value: date });
    this.time = field(t("events.field_time"), { name: "time", type: "time", required: true, value: time });
    this.place = field(t("events.field_zone"), {
      name: "timezone", list: "event-zones", autocomplete: "off", spellcheck: "false", value: this.zone, hint: t("events.hint_zone"),
      // What is there already would hide all other zones.
      onfocus: (/** @type {FocusEvent} */ { target }) => /** @type {HTMLInputElement} */ (target).select(),
    });
    this.hint = h("div", { class: "event-when-hint", role: "status" });
    if (event) this.#offset = offsetIn(event.event_time, this.zone);
    this.element = h("div", { class: "stack" },
      h("div", { class: "event-when", dataset: { field: "event_time" } }, this.date, this.time, this.place),
      h("datalist", { id: "event-zones" }, zones().map((zone) => h("option", { value: zone }))), this.hint);
    this.element.addEventListener("input", (event) => {
      if (/** @type {HTMLInputElement} */ (event.target).type === "radio") return;
      this.#offset = null;
      this.#draw();
    });
    this.#draw();
  }

  /** What is in the fields. */
  get values() {
    const of = (/** @type {HTMLElement} */ place) => /** @type {HTMLInputElement} */ (place.querySelector("input")).value.trim();
    return { date: of(this.date), time: of(this.time), zone: of(this.place) };
  }

  /** As the API wants it. A time that is skipped is left to the server; of two moments the one is named that was chosen. */
  get body() {
    const { date, time, zone } = this.values;
    // Whoever changes something else does not move it, not by the seconds that no field shows either.
    const was = this.event ? shownIn(this.event.event_time, this.event.timezone) : null;
    const isSame = was && was.date === date && was.time === time && this.event.timezone === zone
      && (this.#offset === null || this.#offset === offsetIn(this.event.event_time, zone));
    if (isSame) return { event_time: this.event.event_time, timezone: zone };
    const isTwice = isZone(zone) && momentsOf(date, time, zone).length > 1;
    const event_time = isTwice && this.#offset !== null ? withOffset(date, time, this.#offset) : `${date}T${time}`;
    return { event_time, timezone: zone };
  }

  /** Whether the server has begun it at another time than was typed: what clocks show then. @param {any} event */
  movedTo(event) {
    const { date, time, zone } = this.values;
    const shown = shownIn(event.event_time, zone);
    return shown.date === date && shown.time === time.slice(0, 5) ? null : dayAndClock(event.event_time, zone);
  }

  #draw() {
    const { date, time, zone } = this.values;
    if (!date || !time || !isZone(zone)) return fill(this.hint);
    const moments = momentsOf(date, time, zone);
    if (moments.length === 0) {
      const behind = behindGap(date, time, zone);
      return fill(this.hint, h("p", null, t("events.skipped", { place: placeOf(zone, behind), time: clock(behind, zone) })));
    }
    if (moments.length > 1) return this.#drawChoice(moments, zone);
    const isElsewhere = offsetIn(moments[0], zone) !== offsetIn(moments[0], MY_ZONE);
    fill(this.hint, isElsewhere ? h("p", null, t("events.for_you", { at: dayAndClock(moments[0], MY_ZONE) })) : null);
  }

  /** @param {number[]} moments @param {string} zone */
  #drawChoice(moments, zone) {
    this.#offset ??= offsetIn(moments[0], zone);
    const names = ["events.first_time", "events.second_time"];
    fill(this.hint, h("fieldset", null, h("legend", null, t("events.twice")), moments.map((at, place) => field(
      t(names[place], { place: placeOf(zone, at) }), {
        name: "which_time", type: "radio", value: String(place), checked: this.#offset === offsetIn(at, zone),
        onchange: () => (this.#offset = offsetIn(at, zone)),
      }))));
  }
}
