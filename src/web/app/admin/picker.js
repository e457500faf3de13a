// A field that finds people by their names, and those that were chosen.

import { Element, define } from "../element.js";
import { avatarOf } from "../avatar.js";
import { fill, h } from "../dom.js";
import { iconButton } from "../buttons.js";
import { tellError } from "../dialogs.js";
import { client } from "../session.js";
import { t } from "../words.js";

/** How long is waited for the next letter. */
const PAUSE_MS = 200;
/** How many are offered. */
const MOST = 6;
let pickers = 0;

class PeoplePicker extends Element {
  label = "";
  /** How many may be chosen. */
  most = 1;
  /** @type {any[]} */
  people = [];
  #id = `picker-${++pickers}`;
  /** @type {any[]} */
  #found = [];
  #at = 0;
  #turn = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;
  input = h("input", {
    type: "search", id: this.#id, role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": `${this.#id}-list`, "aria-autocomplete": "list",
  });
  options = h("div", { class: "picker-options", id: `${this.#id}-list`, role: "listbox", hidden: true });
  chosen = h("ul", { class: "picker-chosen" });

  start() {
    this.className = "field picker";
    this.options.setAttribute("aria-label", this.label);
    this.chosen.setAttribute("aria-label", t("admin.chosen"));
    this.input.placeholder = t("admin.person_by_name");
    fill(this, h("label", { for: this.#id }, this.label), this.chosen, h("div", { class: "picker-field" }, this.input, this.options));
    this.listen(this.input, "input", (/** @type {Event} */ event) => {
      // The names that are typed here are no filter yet.
      event.stopPropagation();
      this.#search();
    });
    this.listen(this.input, "keydown", (event) => this.#press(event));
    this.listen(this, "focusout", ({ relatedTarget }) => this.contains(relatedTarget) || this.#close());
    this.#draw();
  }

  #search() {
    clearTimeout(this.#later);
    const wanted = this.input.value.trim();
    const turn = ++this.#turn;
    if (!wanted) return this.#close();
    this.#later = setTimeout(async () => {
      try {
        const { items } = await client.rest.get("/users", { search: wanted, limit: MOST + this.people.length }, this.signal);
        if (turn !== this.#turn) return;
        this.#found = items.filter((/** @type {any} */ { id }) => !this.people.some((one) => one.id === id)).slice(0, MOST);
        this.#at = 0;
        this.#drawOptions();
      } catch (error) {
        tellError(error);
      }
    }, PAUSE_MS);
  }

  #drawOptions() {
    fill(this.options, this.#found.map((person, at) => h("div", {
      role: "option", id: `${this.#id}-${at}`, class: "picker-option", "aria-selected": String(at === this.#at),
      onmousedown: (/** @type {Event} */ event) => event.preventDefault(), onclick: () => this.#choose(person),
    }, avatarOf(person, "small"), h("span", { class: "grow" }, person.name), h("span", { class: "soft" }, `@${person.username}`))),
    this.#found.length ? null : h("div", { class: "soft picker-none", role: "option", "aria-disabled": "true" }, t("admin.nobody_found")));
    this.options.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    if (this.#found.length) this.input.setAttribute("aria-activedescendant", `${this.#id}-${this.#at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #close() {
    this.#turn += 1;
    this.options.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const isOpen = !this.options.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && isOpen && this.#found.length) {
      event.preventDefault();
      this.#at = (this.#at + step + this.#found.length) % this.#found.length;
      this.#drawOptions();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (isOpen && this.#found[this.#at]) this.#choose(this.#found[this.#at]);
    } else if (event.key === "Escape" && isOpen) {
      // Closes what is offered, and not what is around it.
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if (event.key === "Backspace" && !this.input.value && this.people.length) {
      this.#drop(this.people[this.people.length - 1]);
    }
  }

  /** @param {any} person */
  #choose(person) {
    this.people = [...this.people, person].slice(-this.most);
    this.input.value = "";
    this.#close();
    this.#draw();
    this.tell("picked");
  }

  /** @param {any} person */
  #drop(person) {
    this.people = this.people.filter(({ id }) => id !== person.id);
    this.#draw();
    this.input.focus();
    this.tell("picked");
  }

  #draw() {
    fill(this.chosen, this.people.map((person) => h("li", { class: "chip" }, person.name,
      iconButton("close", t("admin.take_out", { name: person.name }), () => this.#drop(person)))));
    this.chosen.hidden = this.people.length === 0;
  }
}

define("tl-people-picker", PeoplePicker);

/**
 * A field for people. It tells `picked` when others are chosen.
 * @param {string} label @param {number} most @returns {PeoplePicker}
 */
export function peoplePicker(label, most) {
  return /** @type {PeoplePicker} */ (h("tl-people-picker", { label, most }));
}
