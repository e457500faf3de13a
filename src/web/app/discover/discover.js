// Public chats: `<tl-discover-page>`.

import { Element } from "../element.js";
import { avatarOfChat } from "../avatar.js";
import { button, iconButton } from "../buttons.js";
import { attempt, sentence } from "../dialogs.js";
import { fill, fillKeyed, h } from "../dom.js";
import { address, go } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";

/** How long is waited for the next letter. */
const PAUSE_MS = 200;
const PAGE = 30;
/** As far as pages go. */
const FAR = 10_000;
const SORTS = ["-active_at", "-member_count", "-created_at", "title"];

/** The page `#/discover`. */
export class DiscoverPage extends Element {
  /** @type {any[]} */
  #chats = [];
  #offset = 0;
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;
  input = h("input", {
    type: "search", autocomplete: "off", "aria-label": t("discover.search"), placeholder: t("discover.search"), oninput: () => this.#later(),
  });
  sort = h("select", { "aria-label": t("discover.sort"), onchange: () => void this.#load() },
    SORTS.map((value) => h("option", { value }, t(`discover.sort_${value.replace("-", "")}`))));
  list = h("ul", { class: "rows" });
  note = h("div", { class: "empty", role: "status" });
  more = button(t("app.more"), () => void this.#load(true), { hidden: true });

  start() {
    this.className = "page";
    fill(this,
      h("header", { class: "page-header" }, iconButton("back", t("app.back"), () => go("/")), h("h1", null, t("discover.title"))),
      h("div", { class: "discover-tools" }, this.input, this.sort), this.list, this.note, h("div", { class: "discover-more" }, this.more));
    const end = new IntersectionObserver(([seen]) => seen.isIntersecting && !this.more.hidden && !this.more.disabled && this.#load(true), { root: this, rootMargin: "400px" });
    end.observe(this.more);
    this.signal.addEventListener("abort", () => end.disconnect());
    this.follow("change", () => this.#draw());
    this.input.focus();
    void this.#load();
  }

  stop() {
    clearTimeout(this.#pause);
  }

  #later() {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#load(), PAUSE_MS);
  }

  async #load(isMore = false) {
    const asked = ++this.#asked;
    const offset = isMore ? this.#offset : 0;
    this.more.disabled = true;
    if (!this.#chats.length && this.list.childElementCount === 0) this.#skeleton();
    try {
      const page = await client.rest.get("/chats", { scope: "public", search: this.input.value.trim() || undefined, sort: this.sort.value, limit: PAGE, offset });
      // The answer to what was typed before comes too late.
      if (asked !== this.#asked) return;
      const known = new Set(isMore ? this.#chats.map(({ id }) => id) : []);
      this.#chats = [...(isMore ? this.#chats : []), ...page.items.filter((/** @type {any} */ { id }) => !known.has(id))];
      this.#offset = offset + page.items.length;
      this.more.hidden = page.items.length < PAGE || this.#offset >= FAR;
      this.#draw();
      fill(this.note, this.#chats.length ? null : h("p", null, t(this.input.value.trim() ? "discover.none" : "discover.empty")));
    } catch (error) {
      if (asked === this.#asked) fill(this.note, h("p", null, sentence(error)), button(t("app.retry"), () => void this.#load(isMore)));
    } finally {
      if (asked === this.#asked) this.more.disabled = false;
    }
  }

  #skeleton() {
    fill(this.note, h("p", null, t("app.loading")));
  }

  #draw() {
    fillKeyed(this.list, this.#chats, ({ id }) => id, (chat) => draw(h("li", null), chat), draw);
  }
}

/** @param {HTMLElement} row @param {any} chat */
function draw(row, chat) {
  const isMine = client.chat(chat.id) !== null;
  const shown = JSON.stringify([chat.title, chat.description, chat.member_count, isMine]);
  if (row.dataset.shown === shown) return row;
  row.dataset.shown = shown;
  const open = () => go(`/chats/${chat.id}`);
  const join = async (/** @type {MouseEvent} */ { currentTarget }) => {
    const pressed = /** @type {HTMLButtonElement} */ (currentTarget);
    pressed.disabled = true;
    if (await attempt(() => client.rest.post(`/chats/${chat.id}/join`))) open();
    else pressed.disabled = false;
  };
  fill(row, avatarOfChat(chat),
    h("span", { class: "grow discover-about" },
      h("a", { href: address(`/chats/${chat.id}`), dir: "auto" }, chat.title),
      chat.description ? h("span", { class: "discover-description", dir: "auto" }, chat.description) : null,
      h("small", null, t("discover.members", { count: chat.member_count }))),
    isMine ? button(t("discover.open"), open, { "aria-label": `${t("discover.open")}: ${chat.title}` })
      : button(t("discover.join"), join, { class: "primary", "aria-label": `${t("discover.join")}: ${chat.title}` }));
  return row;
}
