// Who has tickets for an event, and who waits: for its owner.

import { Element, define } from "../element.js";
import { avatarOf } from "../avatar.js";
import { button } from "../buttons.js";
import { attempt, confirmed, sentence } from "../dialogs.js";
import { fill, fillKeyed, h } from "../dom.js";
import { Pages, moreOf } from "../paging.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { number, t, whole } from "../words.js";
import { downloadLink } from "./download.js";
import { until } from "./when.js";

/** `<tl-event-holders>` with the `eventId`. Tells `changed` when a ticket was taken back. */
class EventHolders extends Element {
  eventId = "";
  #isBusy = false;
  #isAsked = false;
  /** @type {Pages | null} */
  pages = null;

  start() {
    this.className = "stack event-holders";
    const tickets = `/events/${this.eventId}/tickets`;
    this.heading = h("h2", { class: "grow" }, t("events.holders"));
    this.list = h("ul", { class: "rows" });
    this.note = h("p", { class: "soft" }, t("app.loading"));
    this.end = moreOf(() => this.#more());
    this.end.hidden = true;
    this.count = h("h2");
    this.line = h("ol", { class: "rows" });
    this.waiting = h("section", { class: "stack", hidden: true }, this.count, this.line);
    fill(this, h("div", { class: "inline" }, this.heading, downloadLink("CSV", `${tickets}?format=csv`, "tickets.csv"),
      downloadLink("XLSX", `${tickets}?format=xlsx`, "tickets.xlsx")), this.note, this.list, this.end, this.waiting);
    this.refresh();
  }

  /** Fetches what is shown anew; once more where something happened meanwhile. */
  async refresh() {
    this.#isAsked = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#isAsked && this.isConnected) {
      this.#isAsked = false;
      await this.#fetch().catch((error) => {
        if (this.isConnected && this.note) fill(this.note, sentence(error), " ", button(t("app.retry"), () => this.refresh(), { class: "quiet" }));
      });
    }
    this.#isBusy = false;
  }

  async #fetch() {
    const shown = this.pages?.items.length ?? 0;
    const pages = new Pages(`/events/${this.eventId}/tickets`, {}, { by: "", limit: Math.min(100, Math.max(20, shown)) });
    const line = new Pages(`/events/${this.eventId}/waiting`, {}, { by: "", limit: 100 });
    await Promise.all([pages.more(this.signal), line.more(this.signal)]);
    this.pages = pages;
    if (this.end) this.end.hidden = pages.isWhole;
    this.#draw();
    this.#drawWaiting(line);
  }

  async #more() {
    await this.pages?.more(this.signal);
    this.#draw();
    return !(this.pages?.isWhole ?? true);
  }

  #draw() {
    if (!this.pages || !this.list || !this.note || !this.heading) return;
    const { items, total } = this.pages;
    fill(this.heading, t("events.holders"), total ? h("span", { class: "soft" }, ` ${number(total)}`) : null);
    this.note.textContent = items.length ? "" : t("events.no_holders");
    this.note.hidden = items.length > 0;
    fillKeyed(this.list, items, ({ id, checked_in_at }) => [id, checked_in_at].join(" "), (ticket) => this.#row(ticket));
  }

  /** @param {string} id */
  #person(id, { people } = /** @type {Pages} */ (this.pages)) {
    const person = people.get(id);
    const name = person?.name ?? t("app.gone_person");
    return [avatarOf(person ?? { id, name }, "small"),
      person ? h("a", { class: "grow", href: address(`/people/${id}`), dir: "auto" }, name) : h("span", { class: "grow soft" }, name)];
  }

  /** @param {any} ticket */
  #row(ticket) {
    const isIn = ticket.checked_in_at !== null;
    return h("li", null, this.#person(ticket.holder_id),
      h("span", null, t("events.places", { count: ticket.quantity })),
      isIn ? h("span", { class: "chip good", title: whole(ticket.checked_in_at) }, t("events.is_in"))
        : button(t("events.take_back"), () => this.#takeBack(ticket), { class: "quiet" }));
  }

  /** @param {any} ticket */
  async #takeBack(ticket) {
    const name = this.pages?.people.get(ticket.holder_id)?.name ?? t("app.gone_person");
    if (!(await confirmed(t("events.take_back_question", { name }), t("events.take_back")))) return;
    await attempt(() => client.rest.delete(`/events/${this.eventId}/tickets/${ticket.id}`));
    this.tell("changed", () => {});
    await this.refresh();
  }

  /** @param {Pages} line */
  #drawWaiting(line) {
    if (!this.waiting || !this.count || !this.line) return;
    this.waiting.hidden = line.items.length === 0;
    fill(this.count, t("events.line"), h("span", { class: "soft" }, ` ${number(line.total ?? 0)}`));
    const words = (/** @type {any} */ place) => (place.held_until ? until(place.held_until) : t("events.position", { position: number(place.position) }));
    fillKeyed(this.line, line.items, (place) => [place.user_id, place.quantity, words(place)].join(" "), (place) => h("li", null,
      this.#person(place.user_id, line), h("span", null, t("events.places", { count: place.quantity })), h("span", { class: "chip" }, words(place))));
  }
}

define("tl-event-holders", EventHolders);
