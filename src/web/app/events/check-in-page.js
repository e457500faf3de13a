// Check-in at an event: codes are read, and who shows them comes in.

import { Element, define } from "../element.js";
import { button } from "../buttons.js";
import { sentence } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { client } from "../session.js";
import { isTyping } from "../shell/keys.js";
import { dateTime, t } from "../words.js";
import { checkIn } from "./check-in.js";
import { backTo, goneView } from "./gone.js";
import { mayManage } from "./place.js";
import { canScan } from "./scanner.js";
import { dayKey } from "./when.js";

/** How many outcomes stay below the last one. */
const MOST = 12;
const PICTURES = { in: "check", again: "warning", wrong: "close", failed: "warning" };

/** `<tl-check-in-page>` */
class CheckInPage extends Element {
  /** Codes are asked one after the other, in the order in which they were shown. @type {Promise<void>} */
  #last = Promise.resolve();

  start() {
    this.className = "page check-in";
    fill(this, h("p", { class: "empty", role: "status" }, t("app.loading")));
    this.#load();
  }

  async #load() {
    try {
      const event = await client.rest.get(`/events/${this.params.event_id}`, undefined, this.signal);
      if (!this.isConnected) return;
      if (!mayManage(event)) return fill(this, h("p", { class: "empty" }, t("checkin.not_yours")));
      this.#draw(event);
    } catch (error) {
      if (!this.isConnected) return;
      if (/** @type {any} */ (error).code === "not_found") return fill(this, goneView());
      fill(this, h("div", { class: "empty" }, sentence(error), button(t("app.retry"), () => this.#load())));
    }
  }

  /** @param {any} event */
  #draw(event) {
    this.input = h("input", {
      name: "code", autocomplete: "off", autocapitalize: "off", spellcheck: false, "aria-label": t("checkin.code"), placeholder: t("checkin.code"),
      enterKeyHint: "go",
    });
    const form = h("form", { class: "check-in-form", onsubmit: (/** @type {Event} */ submitted) => {
      submitted.preventDefault();
      this.#take(this.input?.value ?? "");
      if (this.input) this.input.value = "";
      this.input?.focus();
    } }, h("div", { class: "field grow" }, this.input), h("button", { type: "submit", class: "button primary" }, t("checkin.check")));
    this.outcome = h("div", { class: "card outcome is-ready", role: "status" }, h("p", { class: "soft" }, t("checkin.ready")));
    this.log = h("ol", { class: "rows" });
    const scanner = canScan() ? h("tl-scanner") : h("p", { class: "soft" }, t("checkin.no_camera"));
    this.listen(scanner, "code", ({ detail }) => this.#take(detail));
    fill(this, backTo(`/events/${event.id}`, event.name),
      h("header", { class: "page-header" }, h("h1", null, t("events.check_in"))),
      h("div", { class: "stack" }, this.outcome, form, scanner,
        h("section", { class: "stack", hidden: true }, h("h2", null, t("checkin.before")), this.log)));
    // Scanners type, wherever one has clicked.
    this.listen(document, "keydown", ({ key, ctrlKey, altKey, metaKey, target }) => {
      const isLetter = key.length === 1 && key !== " " && !ctrlKey && !altKey && !metaKey;
      if (isLetter && !isTyping(target) && !document.querySelector("dialog[open]")) this.input?.focus();
    });
    this.input.focus();
  }

  /** @param {string} text */
  #take(text) {
    const code = text.trim();
    if (code !== "") this.#last = this.#last.then(() => this.#ask(code));
  }

  /** @param {string} code */
  async #ask(code) {
    if (!this.isConnected || !this.outcome) return;
    this.outcome.ariaBusy = "true";
    const outcome = await checkIn(this.params.event_id, code);
    if (!this.isConnected) return;
    this.#show(outcome);
    navigator.vibrate?.(outcome.kind === "in" ? 60 : [120, 60, 120]);
  }

  /** @param {import("./check-in.js").Outcome} outcome */
  #show(outcome) {
    if (!this.outcome || !this.log) return;
    const { kind, answer, error } = outcome;
    const holder = answer?.holder.name ?? "";
    const what = {
      in: () => t("checkin.in", { at: at(answer.checked_in_at) }),
      again: () => t("checkin.again", { at: at(answer.checked_in_at) }),
      wrong: () => t("checkin.wrong"),
      failed: () => `${t("checkin.failed")} ${sentence(error)}`,
    }[kind]();
    this.outcome.ariaBusy = null;
    this.outcome.className = `card outcome is-${kind}`;
    const again = kind === "failed" ? button(t("app.retry"), () => {
      this.#take(outcome.code);
      this.input?.focus();
    }) : null;
    fill(this.outcome, icon(PICTURES[kind], 44), h("div", { class: "grow" },
      answer ? h("p", { class: "outcome-name", dir: "auto" }, holder) : null,
      answer ? h("p", { class: "outcome-places" }, t("events.places", { count: answer.quantity })) : null,
      h("p", { class: answer ? "" : "outcome-name" }, what)), again);
    const more = answer ? [t("events.places", { count: answer.quantity }), what] : [];
    this.log.prepend(h("li", { class: `is-${kind}` }, icon(PICTURES[kind], 20), h("span", { class: "grow", dir: "auto" }, holder || what),
      more.map((text) => h("span", { class: "soft" }, text))));
    while (this.log.children.length > MOST) this.log.lastElementChild?.remove();
    if (this.log.parentElement) this.log.parentElement.hidden = false;
  }
}

/** A moment to the second, with its day where that is another one. @param {string} when */
function at(when) {
  const isToday = dayKey(when) === dayKey(new Date().toISOString());
  return dateTime(when, isToday ? { timeStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" });
}

define("tl-check-in-page", CheckInPage);
