// One post, and what people say to it.

import { Element, define } from "../element.js";
import { button, iconButton, openMenu } from "../buttons.js";
import { attempt, confirmed, notice, sentence } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { paragraphs } from "../links.js";
import { lazy } from "../pages.js";
import { address, go } from "../router.js";
import { client, isAdministrator } from "../session.js";
import { t } from "../words.js";
import { bylineOf } from "./byline.js";
import { forgetList } from "./posts-page.js";

/** `<tl-post-page>` */
class PostPage extends Element {
  start() {
    this.className = "page post";
    fill(this, h("p", { class: "empty", role: "status" }, t("app.loading")));
    this.#load();
  }

  get #path() {
    return `/posts/${this.params.post_id}`;
  }

  async #load() {
    try {
      const [post] = await Promise.all([client.rest.get(this.#path, undefined, this.signal), lazy.comments()]);
      const { items } = await client.rest.get("/users", { id: post.owner_id }, this.signal);
      if (this.isConnected) this.#draw(post, items[0]);
    } catch (error) {
      if (this.isConnected) this.#fail(error);
    }
  }

  /** @param {any} error */
  #fail(error) {
    const isGone = error.code === "not_found" || error.status === 400;
    fill(this, h("div", { class: "empty" }, icon("posts", 40), h("h1", null, isGone ? t("posts.gone") : sentence(error)),
      isGone ? h("a", { class: "button", href: address("/posts") }, t("posts.to_all")) : button(t("app.retry"), () => this.#load())));
  }

  /** @param {any} post @param {any} person */
  #draw(post, person) {
    const may = post.owner_id === client.userId || isAdministrator();
    const menu = may ? iconButton("more", t("posts.options"), () => this.#menu(menu), { "aria-haspopup": "menu" }) : null;
    const comments = h("tl-comments", { path: this.#path, ownerId: post.owner_id });
    const arrow = icon("back", 18);
    arrow.classList.add("turns");
    fill(this, h("a", { class: "post-back", href: address("/posts") }, arrow, t("posts.title")),
      h("article", null,
        h("header", { class: "page-header" }, h("h1", { dir: "auto" }, post.title), menu),
        bylineOf(post, person),
        h("div", { class: "post-whole" }, paragraphs(post.content))),
      comments);
  }

  /** @param {HTMLElement | null} anchor */
  #menu(anchor) {
    if (!anchor) return;
    openMenu(anchor, [
      { label: t("posts.edit"), icon: "edit", run: () => go(`${this.#path}/edit`) },
      { label: t("app.delete"), icon: "trash", isDanger: true, run: () => this.#delete() },
    ]);
  }

  async #delete() {
    if (!(await confirmed(t("posts.question"), t("app.delete")))) return;
    await attempt(async () => {
      await client.rest.delete(this.#path).catch((/** @type {any} */ error) => {
        if (error.code !== "not_found") throw error;
      });
      forgetList();
      notice(t("posts.deleted"));
      go("/posts", {}, true);
    });
  }
}

define("tl-post-page", PostPage);
