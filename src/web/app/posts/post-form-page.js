// Where a post is written, or changed.

import { Element, define } from "../element.js";
import { button } from "../buttons.js";
import { confirmed, sentence } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { field, form, values } from "../forms.js";
import { icon } from "../icons.js";
import { keep, kept } from "../kept.js";
import { address, go } from "../router.js";
import { client } from "../session.js";
import { number, t } from "../words.js";
import { randomName } from "../../client/platform.js";
import { forgetList } from "./posts-page.js";

/** How many characters a post may have. */
const MOST = 65_536;
/** How long after the last letter the text is kept. */
const PAUSE_MS = 300;

/** @typedef {{title: string, content: string}} Text */

/** `<tl-post-form-page>`: a new post, or one that the address names. */
class PostFormPage extends Element {
  /** Names what is sent, so that it becomes one post however often it has to be sent. */
  #key = randomName();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;
  /** How it was before. @type {Text} */
  #before = { title: "", content: "" };

  start() {
    this.className = "page post-form";
    this.listen(window, "pagehide", () => this.#keep());
    const { post_id } = this.params;
    if (!post_id) return this.#draw();
    fill(this, h("p", { class: "empty", role: "status" }, t("app.loading")));
    this.#load();
  }

  stop() {
    if (this.#later) this.#keep();
  }

  /** Where the draft is kept. */
  get #name() {
    return `posts.${this.params.post_id ?? "new"}`;
  }

  get #path() {
    return `/posts/${this.params.post_id}`;
  }

  async #load() {
    try {
      const { title, content } = await client.rest.get(this.#path, undefined, this.signal);
      this.#before = { title, content };
      if (this.isConnected) this.#draw();
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

  #draw() {
    const isNew = !this.params.post_id;
    const draft = /** @type {Text | null} */ (kept(this.#name));
    const { title, content } = draft ?? this.#before;
    const titleField = field(t("posts.field_title"), { name: "title", value: title, autocomplete: "off", autofocus: isNew });
    const contentField = field(t("posts.field_content"), { name: "content", kind: "textarea", value: content, hint: t("posts.hint_content") });
    this.counter = h("small", { class: "post-counter" });
    this.found = h("p", { class: "card inline", hidden: !draft }, h("span", { class: "grow" }, t("posts.draft_found")),
      button(t("posts.discard"), () => this.#discard(), { class: "quiet" }));
    const cancel = h("a", { class: "button", href: address(isNew ? "/posts" : this.#path) }, t("app.cancel"));
    this.form = form([titleField, contentField, this.counter], t(isNew ? "posts.publish" : "app.save"), (sent) => this.#send(sent), cancel);
    this.form.addEventListener("input", () => this.#changed());
    fill(this, h("header", { class: "page-header" }, h("h1", null, t(isNew ? "posts.new" : "posts.editing"))), this.found, this.form,
      h("p", { class: "soft post-kept" }, t("posts.kept")));
    this.#count();
    // The frame takes the focus to the page first.
    if (isNew && !draft) queueMicrotask(() => this.form?.querySelector("input")?.focus());
  }

  #changed() {
    this.#key = randomName();
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#keep(), PAUSE_MS);
  }

  #keep() {
    clearTimeout(this.#later);
    this.#later = undefined;
    if (!this.form) return;
    const { title, content } = values(this.form);
    const isOther = title !== this.#before.title || content !== this.#before.content;
    keep(this.#name, isOther ? { title, content } : null);
    this.#count();
  }

  #count() {
    if (!this.form || !this.counter) return;
    const { length } = [...values(this.form).content];
    this.counter.textContent = t("posts.counter", { count: length, most: number(MOST) });
    this.counter.classList.toggle("is-over", length > MOST);
  }

  async #discard() {
    if (!(await confirmed(t("posts.discard_question"), t("posts.discard")))) return;
    keep(this.#name, null);
    this.#draw();
    this.form?.querySelector("input")?.focus();
  }

  /** @param {Record<string, any>} sent */
  async #send({ title, content }) {
    this.#keep();
    const body = { title, content };
    const post = this.params.post_id ? await client.rest.put(this.#path, body)
      : await client.rest.call("POST", "/posts", { body, headers: { "idempotency-key": this.#key } });
    keep(this.#name, null);
    clearTimeout(this.#later);
    this.#later = undefined;
    forgetList();
    go(`/posts/${post.id}`, {}, true);
  }
}

define("tl-post-form-page", PostFormPage);
