// Finding messages: `<tl-message-search>`, in one chat or in all of them.

import { iconButton } from "../buttons.js";
import { sentence } from "../dialogs.js";
import { Element } from "../element.js";
import { fill, h } from "../dom.js";
import { Pages, moreOf } from "../paging.js";
import { t } from "../words.js";
import { foundMessage } from "./found.js";

/** How long is waited for the next letter. */
const PAUSE_MS = 250;

let searches = 0;

/** Searches the chat `params.chat_id`, or all chats. It tells `close`. */
export class MessageSearch extends Element {
  field = h("input", { type: "search", autocomplete: "off", "aria-label": t("search.field"), placeholder: t("search.field"), maxLength: 255 });
  status = h("p", { class: "search-status soft", role: "status" });
  place = h("div", { class: "search-results" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #asked = "";
  #last = 0;

  start() {
    const close = iconButton("close", t("app.close"), () => this.tell("close"));
    fill(this, h("div", { class: "search-head" }, h("h2", null, t("search.title")), close),
      h("search", { class: "search-form" }, this.field, this.params.chat_id ? this.#scopes() : null), this.status, this.place);
    this.listen(this.field, "input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#search(), PAUSE_MS);
    });
    this.listen(this.field, "keydown", (event) => event.key === "Enter" && this.#search());
    this.status.textContent = t("search.hint");
    this.field.focus();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** Whether only this chat is searched. */
  get #isHere() {
    return !!this.params.chat_id && !!this.querySelector("input[value=here]:checked");
  }

  #scopes() {
    const name = `search-scope-${++searches}`;
    const scope = (/** @type {string} */ value, /** @type {boolean} */ checked) => h("label", null,
      h("input", { type: "radio", name, value, checked, onchange: () => this.#search() }), h("span", null, t(`search.${value}`)));
    return h("fieldset", { class: "search-scopes" }, h("legend", { class: "visually-hidden" }, t("search.where")), scope("here", true), scope("everywhere", false));
  }

  async #search() {
    clearTimeout(this.#timer);
    const wanted = this.field.value.trim();
    const isHere = this.#isHere;
    const asked = `${isHere} ${wanted}`;
    if (asked === this.#asked) return;
    this.#asked = asked;
    const turn = ++this.#last;
    if (!wanted) {
      fill(this.place);
      this.status.textContent = t("search.hint");
      return;
    }
    this.status.textContent = t("search.searching");
    const path = isHere ? `/chats/${this.params.chat_id}/messages` : "/search/messages";
    const pages = new Pages(path, { search: wanted }, isHere ? { by: "" } : { isDown: true });
    const list = h("ul", { "aria-label": t("search.results") });
    const add = async () => {
      const added = await pages.more(this.signal);
      list.append(...added.map((message) => foundMessage(message, pages.people, wanted, !isHere)));
      return !pages.isWhole;
    };
    try {
      const hasMore = await add();
      if (turn !== this.#last) return;
      const count = pages.total ?? 0;
      this.status.textContent = count ? t(pages.isMore ? "search.found_more" : "search.found", { count }) : t("search.none");
      fill(this.place, list, hasMore ? moreOf(add) : null);
    } catch (error) {
      if (turn !== this.#last || this.signal.aborted) return;
      this.#asked = "";
      fill(this.place);
      this.status.textContent = sentence(error);
    }
  }
}
