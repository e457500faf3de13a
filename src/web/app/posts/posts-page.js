// All posts, the newest first.

import { Element, define } from "../element.js";
import { button } from "../buttons.js";
import { sentence } from "../dialogs.js";
import { fill, fillKeyed, h } from "../dom.js";
import { icon } from "../icons.js";
import { paragraphs } from "../links.js";
import { Pages, moreOf } from "../paging.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { bylineOf } from "./byline.js";

/** How long is waited for the next letter. */
const PAUSE_MS = 250;
/** How much of a post the list shows. */
const SHOWN = { characters: 480, lines: 7 };
/** How long a list that was left for one of its posts is shown again as it was. */
const FRESH_MS = 10 * 60_000;

/** The list as it was left. @type {{of: string, at: number, pages: Pages, words: string, top: number} | null} */
let left = null;

/** Lets the list be fetched anew: it is another one now. */
export function forgetList() {
  left = null;
}

/** `<tl-posts-page>` */
class PostsPage extends Element {
  /** Counts what was asked, so that an answer that comes late is not shown. */
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;

  start() {
    this.className = "page posts";
    this.pages = new Pages("/posts");
    this.tabs = h("nav", { class: "tabs", "aria-label": t("posts.which") });
    this.search = h("input", { type: "search", "aria-label": t("posts.search"), placeholder: t("posts.search"), oninput: () => this.#typed() });
    this.list = h("ol", { class: "post-list" });
    this.note = h("div", { class: "empty", role: "status" });
    this.end = moreOf(() => this.#more());
    fill(this, h("header", { class: "page-header" }, h("h1", null, t("posts.title")),
      h("a", { class: "button primary", href: address("/posts/new") }, icon("edit", 18), t("posts.write"))),
    this.tabs, this.search, this.list, this.note, this.end);
    this.#show();
  }

  moved() {
    this.#show();
    return true;
  }

  stop() {
    clearTimeout(this.#later);
  }

  get #isMine() {
    return this.query.get("of") === "me";
  }

  /** Whose list it is, and which. */
  get #name() {
    return `${client.userId} ${this.query}`;
  }

  #show() {
    const tab = (/** @type {string} */ name, /** @type {boolean} */ isCurrent, /** @type {string} */ href) =>
      h("a", { href, "aria-current": isCurrent ? "page" : null }, t(name));
    if (this.tabs) fill(this.tabs, tab("posts.all", !this.#isMine, address("/posts")), tab("posts.mine", this.#isMine, address("/posts", { of: "me" })));
    const was = left;
    left = null;
    if (!was || was.of !== this.#name || Date.now() - was.at > FRESH_MS || !this.search || !this.end) return this.#begin();
    this.pages = was.pages;
    this.search.value = was.words;
    this.end.hidden = was.pages.isWhole;
    this.#draw();
    this.scrollTop = was.top;
  }

  #typed() {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#begin(), PAUSE_MS);
  }

  async #begin() {
    const search = this.search?.value.trim() || undefined;
    const pages = new Pages("/posts", { search, owner_id: this.#isMine ? client.userId : undefined }, { isDown: true, limit: 10 });
    const asked = ++this.#asked;
    if (this.list) this.list.ariaBusy = "true";
    if (this.note && !this.pages?.items.length) fill(this.note, t("app.loading"));
    try {
      await pages.more(this.signal);
      if (asked !== this.#asked || !this.end) return;
      this.pages = pages;
      this.end.hidden = pages.isWhole;
      this.scrollTop = 0;
      this.#draw();
    } catch (error) {
      if (asked !== this.#asked || !this.isConnected || !this.note || !this.list || !this.end) return;
      fill(this.list);
      this.note.hidden = false;
      this.end.hidden = true;
      fill(this.note, sentence(error), button(t("app.retry"), () => this.#begin()));
    }
  }

  async #more() {
    const { pages } = this;
    if (!pages || pages.total === null) return false;
    await pages.more(this.signal);
    if (pages === this.pages) this.#draw();
    return !(this.pages?.isWhole ?? true);
  }

  #draw() {
    if (!this.list || !this.note || !this.pages) return;
    this.list.ariaBusy = null;
    const { items } = this.pages;
    fillKeyed(this.list, items, ({ id, updated_at }) => `${id} ${updated_at}`, (post) => this.#item(post));
    this.note.hidden = items.length > 0;
    if (items.length) return;
    if (this.search?.value.trim()) return fill(this.note, t("posts.none_found"));
    fill(this.note, icon("posts", 40), h("p", null, t(this.#isMine ? "posts.none_mine" : "posts.none")),
      h("a", { class: "button", href: address("/posts/new") }, t("posts.write")));
  }

  /** @param {any} post */
  #item(post) {
    const href = address(`/posts/${post.id}`);
    const open = { href, onclick: () => this.#leave() };
    const beginning = beginningOf(post.content);
    const isCut = post.content_is_cut || beginning.length < post.content.length;
    return h("li", null, h("article", { class: "card post-card" },
      h("h2", { dir: "auto" }, h("a", open, post.title)),
      bylineOf(post, this.pages?.people.get(post.owner_id)),
      h("div", { class: "post-text" }, paragraphs(isCut ? `${beginning.trimEnd()} …` : beginning)),
      h("div", { class: "inline post-end" },
        isCut ? h("a", { ...open, "aria-label": t("posts.read_on_in", { title: post.title }) }, t("posts.read_on")) : null,
        h("span", { class: "inline soft" }, icon("comment", 18), t("posts.comments", { count: post.comment_count })))));
  }

  /** Notes how the list is, for who comes back to it. */
  #leave() {
    if (this.pages) left = { of: this.#name, at: Date.now(), pages: this.pages, words: this.search?.value ?? "", top: this.scrollTop };
  }
}

/** The first lines of a text. @param {string} text */
function beginningOf(text) {
  const lines = text.split("\n", SHOWN.lines).join("\n");
  let characters = "";
  let room = SHOWN.characters;
  for (const character of lines) {
    // Chinese says in one what others say in several, and takes twice the width.
    room -= character >= "\u2e80" ? 2 : 1;
    if (room < 0) break;
    characters += character;
  }
  if (characters.length === lines.length) return lines;
  // Not in the middle of a word, where the script has spaces between them.
  const space = characters.search(/\s\S*$/u);
  return space > SHOWN.characters * 0.75 ? characters.slice(0, space) : characters;
}

define("tl-posts-page", PostsPage);
