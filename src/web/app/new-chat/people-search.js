// Finding somebody by name: my friends at first, and whoever a search finds.

import { Element } from "../element.js";
import { avatarOf } from "../avatar.js";
import { button } from "../buttons.js";
import { sentence } from "../dialogs.js";
import { fill, fillKeyed, h } from "../dom.js";
import { client } from "../session.js";
import { t } from "../words.js";

/** How long is waited for the next letter. */
const PAUSE_MS = 200;
/** How many are shown at once. */
const PAGE = 20;

/**
 * `<tl-people-search>`: `action` is what stands on the button beside each person; `choose` is told with the person. Who is in
 * `without`, by id, is left out.
 */
export class PeopleSearch extends Element {
  action = "";
  /** @type {Set<string>} */
  without = new Set();
  list = h("ul", { class: "rows" });
  note = h("p", { class: "soft", role: "status" });
  more = button(t("app.more"), () => this.#load(true), { hidden: true });
  input = h("input", { type: "search", autocomplete: "off", "aria-label": t("new_chat.search"), placeholder: t("new_chat.search"), oninput: () => this.#later() });
  /** @type {any[]} */
  #people = [];
  #offset = 0;
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;

  start() {
    fill(this, this.input, this.list, this.note, this.more);
    if (!this.#people.length) void this.#load();
  }

  stop() {
    clearTimeout(this.#pause);
  }

  /** Leaves somebody out from now on. @param {string} userId */
  leaveOut(userId) {
    this.without.add(userId);
    this.#draw();
  }

  #later() {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#load(), PAUSE_MS);
  }

  async #load(isMore = false) {
    const asked = ++this.#asked;
    const search = this.input.value.trim();
    const offset = isMore ? this.#offset : 0;
    try {
      const page = search
        ? await client.rest.get("/users", { search, limit: PAGE, offset })
        : await client.rest.get("/friends", { limit: PAGE, offset });
      // The answer to what was typed before comes too late.
      if (asked !== this.#asked) return;
      const people = page.items.map((/** @type {any} */ item) => item.user ?? item).filter((/** @type {any} */ { id }) => id !== client.userId);
      this.#people = isMore ? [...this.#people, ...people] : people;
      this.#offset = offset + page.items.length;
      this.more.hidden = this.#offset >= page.total || page.items.length === 0;
      this.note.textContent = this.#people.length ? "" : t(search ? "new_chat.nobody" : "new_chat.type_a_name");
      this.#draw();
    } catch (error) {
      if (asked === this.#asked) this.note.textContent = sentence(error);
    }
  }

  #draw() {
    fillKeyed(this.list, this.#people.filter(({ id }) => !this.without.has(id)), ({ id }) => id, (user) => h("li", null,
      avatarOf(user),
      h("span", { class: "grow" }, h("strong", { dir: "auto" }, user.name), h("br"), h("small", null, `@${user.username}`)),
      button(this.action, () => this.tell("choose", user), { "aria-label": `${this.action}: ${user.name}` })));
  }
}
