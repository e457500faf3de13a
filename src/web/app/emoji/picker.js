// The picker: `<tl-emoji-picker>`, a field to search in and all emoji below it. The arrow keys move among them.

import { place } from "../buttons.js";
import { QUICK } from "../composer/emoji.js";
import { fill, h } from "../dom.js";
import { Element, define } from "../element.js";
import { language, t } from "../words.js";
import { chooseTone, recent, tone, toned, tones, use } from "./choice.js";
import { find, groups } from "./data.js";

/** How many stand in a row, see the style sheet. */
const COLUMNS = 8;
const MOST_FOUND = 64;

/** `open` shows it at a button, and answers what was chosen. */
class EmojiPicker extends Element {
  search = h("input", { type: "search", "aria-label": t("emoji.search"), placeholder: t("emoji.search"), autocomplete: "off", autofocus: true });
  tabs = h("div", { class: "emoji-tabs", role: "group", "aria-label": t("emoji.groups") });
  grid = h("div", { class: "emoji-grid" });
  told = h("span", { class: "emoji-name", "aria-hidden": "true" });
  tones = h("div", { class: "emoji-tones", role: "group", "aria-label": t("emoji.tone") });
  /** @type {string | null} */
  #chosen = null;

  start() {
    this.setAttribute("role", "dialog");
    this.setAttribute("aria-label", t("emoji.title"));
    fill(this, this.search, this.tabs, this.grid, h("footer", null, this.told, this.tones));
    fill(this.tabs, groups.map(({ name, picture }) => h("button", {
      type: "button", title: t(`emoji.${name}`), "aria-label": t(`emoji.${name}`), onclick: () => this.#goTo(name),
    }, picture)));
    this.listen(this.search, "input", () => this.#draw());
    this.listen(this, "keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
    this.listen(this.grid, "click", (/** @type {Event} */ event) => this.#choose(buttonOf(event)));
    for (const event of ["pointerover", "focusin"]) this.listen(this.grid, event, (/** @type {Event} */ event) => this.#tell(buttonOf(event)));
    this.#drawTones(false);
    this.#draw();
  }

  /** @param {HTMLElement} anchor @returns {Promise<string | null>} */
  open(anchor) {
    this.popover = "auto";
    place(this, anchor);
    this.showPopover();
    place(this, anchor);
    this.search.focus();
    return new Promise((resolve) => {
      this.addEventListener("beforetoggle", (event) => {
        if (/** @type {any} */ (event).newState !== "closed") return;
        resolve(this.#chosen);
        setTimeout(() => this.remove());
      });
    });
  }

  #draw() {
    const wanted = this.search.value.trim();
    const isSearch = wanted !== "";
    this.tabs.hidden = isSearch;
    const used = [...new Set([...recent(), ...QUICK])].slice(0, COLUMNS * 2).map((emoji) => ({ emoji, name: emoji, isToned: true }));
    const shown = isSearch ? [{ name: "found", items: find(wanted, MOST_FOUND) }] : [{ name: "recent", items: used }, ...groups];
    const chosenTone = tone();
    fill(this.grid, shown.map(({ name, items }) => h("section", { dataset: { group: name }, "aria-label": t(`emoji.${name}`) },
      h("h2", null, t(`emoji.${name}`)),
      items.length ? h("div", { class: "emoji-row" }, items.map((item) => this.#button(item, chosenTone))) : h("p", { class: "soft" }, t("emoji.none")))));
    this.grid.scrollTop = 0;
    this.#buttons[0]?.setAttribute("tabindex", "0");
    this.#tell(this.#buttons[0]);
  }

  /** @param {{emoji: string, name: string, isToned?: boolean}} item @param {number} chosenTone */
  #button({ emoji, name, isToned }, chosenTone) {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.textContent = isToned ? emoji : toned(emoji, chosenTone);
    // In other languages a reader knows their names itself.
    if (!isToned && language === "en") button.setAttribute("aria-label", name);
    return button;
  }

  get #buttons() {
    return /** @type {HTMLButtonElement[]} */ ([...this.grid.querySelectorAll("button")]);
  }

  /** @param {HTMLElement | null | undefined} button */
  #tell(button) {
    if (!button) return fill(this.told);
    const name = button.getAttribute("aria-label") ?? "";
    fill(this.told, h("span", { class: "emoji-large" }, button.textContent), name);
  }

  /** @param {HTMLElement | null | undefined} button */
  #choose(button) {
    if (!button) return;
    this.#chosen = button.textContent ?? "";
    use(this.#chosen);
    this.hidePopover();
  }

  /** @param {string} name */
  #goTo(name) {
    const section = this.grid.querySelector(`[data-group="${name}"]`);
    section?.scrollIntoView({ block: "start" });
    this.#focus(section?.querySelector("button"));
  }

  /** @param {HTMLElement | null | undefined} button */
  #focus(button) {
    if (!button) return;
    for (const other of this.grid.querySelectorAll('[tabindex="0"]')) other.setAttribute("tabindex", "-1");
    button.setAttribute("tabindex", "0");
    button.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = /** @type {HTMLElement} */ (document.activeElement);
    if (event.isComposing) return;
    if (event.key === "Escape") {
      // A search field would only be emptied.
      event.preventDefault();
      this.hidePopover();
    } else if (at === this.search) {
      if (event.key === "ArrowDown") this.#focus(this.#buttons[0]);
      else if (event.key === "Enter" && this.search.value.trim()) this.#choose(this.#buttons[0]);
      else return;
      event.preventDefault();
    } else if (this.grid.contains(at)) {
      const next = this.#next(at, event.key);
      if (next) {
        event.preventDefault();
        if (next === this.search) this.search.focus();
        else this.#focus(next);
      } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
        // Who types goes on searching.
        this.search.focus();
      }
    }
  }

  /** Where a key leads. @param {HTMLElement} from @param {string} key @returns {HTMLElement | null | undefined} */
  #next(from, key) {
    const all = this.#buttons;
    const at = all.indexOf(/** @type {any} */ (from));
    const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (key === "Home") return all[0];
    if (key === "End") return all.at(-1);
    if (key === "ArrowLeft" || key === "ArrowRight") return all[at + (key === forward ? 1 : -1)] ?? from;
    const row = /** @type {HTMLElement[]} */ ([...(from.parentElement?.children ?? [])]);
    const rows = [...this.grid.querySelectorAll(".emoji-row")];
    const inRow = row.indexOf(from);
    const column = inRow % COLUMNS;
    const other = rows.indexOf(/** @type {Element} */ (from.parentElement));
    if (key === "ArrowDown") {
      if (row[inRow + COLUMNS]) return row[inRow + COLUMNS];
      if (Math.floor(inRow / COLUMNS) < Math.floor((row.length - 1) / COLUMNS)) return row.at(-1);
      const below = /** @type {HTMLElement[]} */ ([...(rows[other + 1]?.children ?? [])]);
      return below[column] ?? below.at(-1) ?? from;
    }
    if (key === "ArrowUp") {
      if (row[inRow - COLUMNS]) return row[inRow - COLUMNS];
      const above = /** @type {HTMLElement[]} */ ([...(rows[other - 1]?.children ?? [])]);
      if (!above.length) return this.search;
      const first = Math.floor((above.length - 1) / COLUMNS) * COLUMNS;
      return above[first + column] ?? above.at(-1);
    }
    return null;
  }

  /** @param {boolean} isOpen whether all can be seen */
  #drawTones(isOpen) {
    const now = tone();
    const shown = isOpen ? Array.from({ length: tones }, (_, each) => each) : [now];
    this.told.hidden = isOpen;
    fill(this.tones, shown.map((each) => h("button", {
      type: "button", title: t(`emoji.tone_${each}`), "aria-label": isOpen ? t(`emoji.tone_${each}`) : `${t("emoji.tone")}: ${t(`emoji.tone_${each}`)}`,
      ...(isOpen ? { "aria-pressed": String(each === now) } : { "aria-expanded": "false" }),
      onclick: () => {
        if (isOpen) chooseTone(each);
        this.#drawTones(!isOpen);
        if (isOpen) this.#draw();
        /** @type {HTMLElement | null} */ (this.tones.querySelector('[aria-pressed="true"], [aria-expanded]'))?.focus();
      },
    }, toned("✋", each))));
  }
}

/** @param {Event} event @returns {HTMLElement | null} */
function buttonOf(event) {
  return /** @type {HTMLElement} */ (event.target).closest(".emoji-row button");
}

define("tl-emoji-picker", EmojiPicker);
