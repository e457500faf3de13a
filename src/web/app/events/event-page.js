// One event.

import { Element, define } from "../element.js";
import { avatarOf } from "../avatar.js";
import { button, iconButton, openMenu } from "../buttons.js";
import { attempt, confirmed, notice, sentence } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { paragraphs } from "../links.js";
import { lazy } from "../pages.js";
import { address, go } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { downloadLink } from "./download.js";
import "./event-holders.js";
import "./event-places.js";
import { backTo, goneView } from "./gone.js";
import { look, tellsOf } from "./place.js";
import { away, duration, isElsewhere, placeOf, span, spanThere, stateOf } from "./when.js";

/** How often somebody who looks at it is shown what others do: nobody tells them. */
const AGAIN_MS = 60_000;
/** A hold ends at the server first. */
const MARGIN_MS = 1_500;

/** `<tl-event-page>` */
class EventPage extends Element {
  /** @type {import("./place.js").Look | null} */
  #look = null;
  /** Looking, and whether to look once more. @type {Promise<void> | null} */
  #looking = null;
  #isAsked = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #holdEnds;

  start() {
    this.className = "page event";
    fill(this, h("p", { class: "empty", role: "status" }, t("app.loading")));
    this.follow("frame", (frame) => tellsOf(frame, this.params.event_id) && this.#again());
    this.follow("state", (state) => state === "online" && this.#again());
    this.listen(document, "visibilitychange", () => !document.hidden && this.#again());
    const clock = setInterval(() => !document.hidden && this.#again(), AGAIN_MS);
    this.signal.addEventListener("abort", () => clearInterval(clock));
    this.#again();
  }

  stop() {
    clearTimeout(this.#holdEnds);
  }

  /** Looks again; done when what is shown was asked for after this call. */
  async #again() {
    this.#isAsked = true;
    this.#looking ??= this.#keepLooking().finally(() => (this.#looking = null));
    await this.#looking;
  }

  async #keepLooking() {
    while (this.#isAsked && this.isConnected) {
      this.#isAsked = false;
      try {
        const [found] = await Promise.all([look(this.params.event_id, this.signal), lazy.comments()]);
        if (this.isConnected) this.#show(found);
      } catch (error) {
        if (this.isConnected) this.#fail(error);
      }
    }
  }

  /** @param {any} error */
  #fail(error) {
    if (error.code === "not_found" || error.status === 400) {
      const wasShown = this.#look !== null;
      this.#look = null;
      /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog.ticket"))?.close("");
      fill(this, goneView());
      if (wasShown) this.querySelector("h1")?.focus();
    } else if (!this.#look) {
      fill(this, h("div", { class: "empty" }, sentence(error), button(t("app.retry"), () => this.#again())));
    }
  }

  /** @param {import("./place.js").Look} found */
  #show(found) {
    const isFirst = this.#look === null;
    this.#look = found;
    if (isFirst) this.#draw();
    this.#drawHead();
    /** @type {any} */ (this.places)?.show(found);
    if (!isFirst && this.holders) /** @type {any} */ (this.holders).refresh();
    clearTimeout(this.#holdEnds);
    const ends = found.waiting?.held_until;
    if (ends) this.#holdEnds = setTimeout(() => this.#again(), Math.min(Math.max(0, Date.parse(ends) - Date.now()) + MARGIN_MS, 2 ** 31 - 1));
  }

  /** What stays the same elements as long as the page is open. */
  #draw() {
    const { event, mayManage } = /** @type {import("./place.js").Look} */ (this.#look);
    this.head = h("div", { class: "stack" });
    this.places = h("tl-event-places");
    this.holders = mayManage ? h("tl-event-holders", { eventId: event.id }) : null;
    const comments = h("tl-comments", { path: `/events/${event.id}`, ownerId: event.owner_id });
    for (const part of [this.places, this.holders]) {
      if (part) this.listen(part, "changed", ({ detail }) => this.#again().then(detail));
    }
    fill(this, backTo("/events", t("events.title")), this.head, this.places,
      this.holders, comments);
  }

  #drawHead() {
    const { event, owner, mayManage } = /** @type {import("./place.js").Look} */ (this.#look);
    // What is being pointed at or read stays where nothing has changed.
    const shown = JSON.stringify([event.updated_at, event.name, event.chat_id, owner?.name, away(event.event_time), stateOf(event)]);
    if (!this.head || this.head.dataset.shown === shown) return;
    this.head.dataset.shown = shown;
    const isFocused = this.head.contains(document.activeElement);
    const menu = mayManage ? iconButton("more", t("events.options"), () => menu && this.#menu(menu), { "aria-haspopup": "menu" }) : null;
    const name = owner?.name ?? t("app.gone_person");
    const link = (/** @type {string} */ path, /** @type {string} */ picture, /** @type {string} */ words) =>
      h("a", { class: "button", href: address(path) }, icon(picture, 18), t(words));
    fill(this.head, h("header", { class: "page-header" }, h("h1", { dir: "auto" }, event.name), menu),
      h("ul", { class: "event-about" }, h("li", null, icon("clock", 22), whenOf(event)),
        h("li", null, avatarOf(owner ?? { id: event.owner_id, name }, "small"),
          owner ? h("a", { href: address(`/people/${owner.id}`), dir: "auto" }, name) : name)),
      event.description ? h("div", { class: "event-description" }, paragraphs(event.description)) : null,
      h("div", { class: "inline" },
        event.chat_id ? link(`/chats/${event.chat_id}`, "chats", "events.chat") : null,
        mayManage ? link(`/events/${event.id}/check-in`, "qr", "events.check_in") : null,
        downloadLink(t("events.calendar"), `/events/${event.id}/calendar.ics`, "event.ics")));
    if (isFocused) menu?.focus();
  }

  /** @param {HTMLElement} anchor */
  #menu(anchor) {
    const { event } = /** @type {import("./place.js").Look} */ (this.#look);
    openMenu(anchor, [
      { label: t("events.edit"), icon: "edit", run: () => go(`/events/${event.id}/edit`) },
      { label: t("app.delete"), icon: "trash", isDanger: true, run: () => this.#delete() },
    ]);
  }

  async #delete() {
    await this.#again();
    const event = this.#look?.event;
    if (!event) return;
    const sold = event.tickets_sold;
    const question = sold ? t("events.delete_sold_question", { count: sold }) : t("events.delete_question");
    if (!(await confirmed(question, t("app.delete")))) return;
    await attempt(async () => {
      try {
        await client.rest.delete(`/events/${event.id}${sold ? "?force=true" : ""}`);
      } catch (error) {
        const { code } = /** @type {any} */ (error);
        // Somebody has bought a ticket while the question was there: it is another question now.
        if (code === "tickets_sold") return this.#delete();
        if (code !== "not_found") throw error;
      }
      notice(t("events.deleted"));
      go("/events", {}, true);
    });
  }
}

/** When it is, for me and there. @param {any} event */
function whenOf(event) {
  const state = stateOf(event);
  const place = placeOf(event.timezone, event.event_time);
  return h("div", null,
    h("p", null, span(event), " ", h("span", { class: "chip" }, state === "coming" ? away(event.event_time) : t(`events.${state}`))),
    isElsewhere(event) ? h("p", { class: "soft" }, t("events.clock_there", { at: spanThere(event), place })) : null,
    event.duration_hours || event.duration_minutes ? h("p", { class: "soft" }, duration(event.duration_hours, event.duration_minutes)) : null);
}

define("tl-event-page", EventPage);
