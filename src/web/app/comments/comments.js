// The comments on an event or a post, the oldest first.

import { Element, define } from "../element.js";
import { avatarOf } from "../avatar.js";
import { button, iconButton } from "../buttons.js";
import { attempt, confirmed, notice } from "../dialogs.js";
import { fill, fillKeyed, h } from "../dom.js";
import { paragraphs } from "../links.js";
import { Pages, moreOf } from "../paging.js";
import { address } from "../router.js";
import { client, isAdministrator, me } from "../session.js";
import { number, t, whole } from "../words.js";
import "./form.js";

/** `<tl-comments>` with the `path` of what they are on, below `/api/v1`, and the `ownerId` of it. */
class Comments extends Element {
  path = "";
  /** Who may delete each of them. @type {string | null} */
  ownerId = null;
  /** How many there are, as the server told last. */
  count = 0;
  /** Mine that stand behind what is loaded. @type {any[]} */
  #mine = [];

  start() {
    this.className = "comments";
    this.pages = new Pages(`${this.path}/comments`, {});
    this.heading = h("h2", { tabindex: -1 }, t("comments.title"));
    this.list = h("ol", { class: "comment-list" });
    this.own = h("ol", { class: "comment-list" });
    this.note = h("p", { class: "soft" });
    this.end = moreOf(() => this.#more());
    const form = h("tl-comment-form", { path: this.path });
    this.listen(form, "comment", ({ detail }) => this.#written(detail));
    fill(this, this.heading, this.note, this.list, this.end, this.own, form);
    this.follow("frame", (frame) => this.#heard(frame));
    this.listen(document, "visibilitychange", () => !document.hidden && this.#newer());
    this.follow("state", (state) => state === "online" && this.#newer());
    this.#draw();
    this.#begin();
  }

  /** The first page at once, wherever it stands: how many there are is shown above. */
  async #begin() {
    if (!this.end || !this.note) return;
    this.end.hidden = true;
    try {
      this.end.hidden = !(await this.#more());
    } catch (error) {
      if (!this.isConnected) return;
      fill(this.note, `${t("comments.failed")} `, button(t("app.retry"), () => this.#begin(), { class: "quiet" }));
    }
  }

  async #more() {
    const isFirst = this.pages?.total === null;
    await this.pages?.more(this.signal);
    if (isFirst) this.count = this.pages?.total ?? 0;
    this.#draw();
    return !this.pages?.isWhole;
  }

  /** What was added behind the end, where the end has been reached. */
  async #newer() {
    if (!this.pages?.isWhole) return;
    const added = await this.pages.more(this.signal).catch(() => []);
    this.count += added.length;
    if (this.end) this.end.hidden = this.pages.isWhole;
    this.#draw();
  }

  /** @param {any} frame */
  #heard({ type, notification }) {
    if (type !== "notification" || notification.kind !== "comment") return;
    const { event_id, post_id } = notification.data;
    if (this.path !== `/events/${event_id}` && this.path !== `/posts/${post_id}`) return;
    if (this.pages?.isWhole) this.#newer();
    else {
      this.count += 1;
      this.#draw();
    }
  }

  /** @param {any} comment */
  async #written(comment) {
    if (this.pages?.isWhole) await this.#newer();
    if (this.#all().some(({ id }) => id === comment.id)) return;
    this.#mine.push(comment);
    this.count += 1;
    this.#draw();
  }

  #all() {
    return [...(this.pages?.items ?? []), ...this.#mine];
  }

  #draw() {
    if (!this.heading || !this.list || !this.own || !this.note) return;
    const { items = [], total = null } = this.pages ?? {};
    const loaded = new Set(items.map(({ id }) => id));
    this.#mine = this.#mine.filter(({ id }) => !loaded.has(id));
    fill(this.heading, t("comments.title"), this.count ? h("span", { class: "soft" }, ` ${number(this.count)}`) : null);
    fillKeyed(this.list, items, ({ id }) => id, (comment) => this.#item(comment));
    fillKeyed(this.own, this.#mine, ({ id }) => id, (comment) => this.#item(comment));
    this.note.textContent = total === null ? t("app.loading") : this.#all().length ? "" : t("comments.none");
    this.note.hidden = !this.note.textContent;
  }

  /** @param {any} comment */
  #item(comment) {
    const person = this.pages?.people.get(comment.owner_id) ?? (comment.owner_id === client.userId ? me() : null);
    const name = person?.name ?? t("app.gone_person");
    const may = [comment.owner_id, this.ownerId].includes(client.userId) || isAdministrator();
    return h("li", { class: "comment" }, avatarOf(person ?? { id: comment.owner_id, name }, "small"), h("div", { class: "grow" },
      h("div", { class: "comment-head" },
        person ? h("a", { href: address(`/people/${person.id}`), class: "comment-name", dir: "auto" }, name) : h("span", { class: "soft" }, name),
        h("time", { class: "soft", dateTime: comment.created_at }, whole(comment.created_at))),
      paragraphs(comment.content)),
    may ? iconButton("trash", t("comments.delete", { name }), () => this.#delete(comment), { class: "icon-button comment-delete" }) : null);
  }

  /** @param {any} comment */
  async #delete(comment) {
    if (!(await confirmed(t("comments.question"), t("app.delete")))) return;
    await attempt(async () => {
      await client.rest.delete(`${this.path}/comments/${comment.id}`).catch((/** @type {any} */ error) => {
        // Somebody else was faster, or this has been done before the answer got lost.
        if (error.code !== "not_found") throw error;
      });
      this.pages?.remove(comment.id);
      this.#mine = this.#mine.filter(({ id }) => id !== comment.id);
      this.count = Math.max(0, this.count - 1);
      this.#draw();
      this.heading?.focus();
      notice(t("comments.deleted"));
    });
  }
}

define("tl-comments", Comments);
