// A list that opens at the field while a word of a kind is typed: people after `@`, emoji after `:`.

import { fill, h } from "../dom.js";
import { isComposing, replace } from "../composer/field.js";

/**
 * One entry: what is put in, and how it is shown.
 * @typedef {{key: string, text: string, picture: Node | string, label: string, hint?: string}} Choice
 *
 * A kind of words: which there are before the cursor, and what fits them. `find` may tell more than once, the better later.
 * @typedef {object} Source
 * @property {string} label of the list
 * @property {(before: string) => {from: number, wanted: string} | null} match
 * @property {(wanted: string, found: (choices: Choice[]) => void) => void} find
 */

let lists = 0;

/** The list of one field. */
export class Completion {
  list = h("div", { class: "composer-choices", role: "listbox", id: `composer-choices-${++lists}`, hidden: true });
  /** @type {Choice[]} */
  #choices = [];
  #at = 0;
  #from = 0;
  /** Counts what was looked for, so that a late answer is not shown. */
  #asked = 0;
  /** A place where it was closed: it stays so until another word is begun. */
  #closedAt = -1;

  /** @param {HTMLTextAreaElement} field @param {Source[]} sources */
  constructor(field, sources) {
    this.field = field;
    this.sources = sources;
    field.setAttribute("aria-autocomplete", "list");
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** Looks at the word before the cursor. */
  look() {
    const { field } = this;
    const asked = ++this.#asked;
    const before = field.value.slice(Math.max(0, field.selectionStart - 64), field.selectionStart);
    const start = field.selectionStart - before.length;
    if (field.selectionStart === field.selectionEnd) {
      for (const source of this.sources) {
        const match = source.match(before);
        if (!match) continue;
        const from = start + match.from;
        if (from === this.#closedAt) return;
        this.#closedAt = -1;
        return source.find(match.wanted, (choices) => asked === this.#asked && this.#open(source, from, choices));
      }
    }
    this.#closedAt = -1;
    this.close();
  }

  /** Closes it; nothing is put in. */
  close() {
    this.#asked += 1;
    this.#hide();
  }

  #hide() {
    if (!this.isOpen) return;
    this.list.hidden = true;
    for (const name of ["aria-controls", "aria-activedescendant", "aria-haspopup"]) this.field.removeAttribute(name);
  }

  /** Takes a key; says whether it was for the list. @param {KeyboardEvent} event */
  key(event) {
    if (!this.isOpen || isComposing(event) || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#mark((this.#at + step + this.#choices.length) % this.#choices.length);
    else if (event.key === "Enter" || event.key === "Tab") this.#choose(this.#choices[this.#at]);
    else if (event.key === "Escape") {
      this.#closedAt = this.#from;
      this.close();
    } else return false;
    event.preventDefault();
    return true;
  }

  /** @param {Source} source @param {number} from @param {Choice[]} choices */
  #open(source, from, choices) {
    if (!choices.length) return this.#hide();
    const kept = this.isOpen && this.#from === from ? this.#choices[this.#at]?.key : undefined;
    this.#choices = choices;
    this.#from = from;
    const { id } = this.list;
    this.list.setAttribute("aria-label", source.label);
    fill(this.list, choices.map((choice, place) => h("div", {
      role: "option", id: `${id}-${place}`, "aria-selected": "false", onclick: () => this.#choose(choice),
    }, h("span", { class: "composer-choice-picture", "aria-hidden": "true" }, choice.picture), h("span", { dir: "auto" }, choice.label),
    choice.hint ? h("span", { class: "soft", dir: "auto" }, choice.hint) : null)));
    this.list.hidden = false;
    // A field of several lines may not be called a combobox; it says the rest of one.
    this.field.setAttribute("aria-haspopup", "listbox");
    this.field.setAttribute("aria-controls", id);
    this.#mark(Math.max(0, choices.findIndex(({ key }) => key === kept && this.#at > 0)));
  }

  /** @param {number} at */
  #mark(at) {
    this.list.children[this.#at]?.setAttribute("aria-selected", "false");
    this.#at = at;
    const option = this.list.children[at];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.field.setAttribute("aria-activedescendant", option.id);
  }

  /** @param {Choice} choice */
  #choose(choice) {
    const { field } = this;
    this.close();
    this.#closedAt = this.#from;
    const isFollowed = /^\s/.test(field.value.slice(field.selectionStart));
    replace(field, isFollowed ? choice.text : `${choice.text} `, this.#from, field.selectionStart);
  }
}
