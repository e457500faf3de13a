// Where a comment is written.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { form } from "../forms.js";
import { keep, kept } from "../kept.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { randomName } from "../../client/platform.js";

/** How many characters a comment may have. */
const MOST = 4096;
/** From here on it is told how many are left. */
const NEAR = 500;

/** `<tl-comment-form>`: tells `comment` with what the server has made of it. What is written stays until then. */
class CommentForm extends Element {
  /** Of what, below `/api/v1`. */
  path = "";
  /** Names what is sent, so that it becomes one comment however often it has to be sent. */
  #key = randomName();

  start() {
    this.input = h("textarea", {
      name: "content", rows: 3, "aria-label": t("comments.field"), placeholder: t("comments.field"), value: kept(this.path) ?? "",
      oninput: () => this.#changed(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
        event.preventDefault();
        this.form?.requestSubmit();
      },
    });
    this.count = h("small", { class: "comment-count" });
    const place = h("div", { class: "field", dataset: { field: "content" } }, this.input, h("small", { class: "field-error" }));
    this.form = form([place], t("comments.send"), () => this.#send(), this.count);
    fill(this, this.form);
    this.#count();
  }

  #changed() {
    this.#key = randomName();
    keep(this.path, this.input?.value);
    this.#count();
  }

  #count() {
    const left = MOST - [...(this.input?.value ?? "")].length;
    const text = left > NEAR ? t("comments.hint") : left < 0 ? t("comments.over", { count: -left }) : t("comments.left", { count: left });
    if (this.count) {
      this.count.textContent = text;
      this.count.classList.toggle("is-over", left < 0);
    }
  }

  async #send() {
    const content = this.input?.value ?? "";
    if (content.trim() === "") return this.input?.focus();
    const headers = { "idempotency-key": this.#key };
    const comment = await client.rest.call("POST", `${this.path}/comments`, { body: { content }, headers }).catch((/** @type {any} */ error) => {
      throw error.code === "blocked" ? new Error(t("comments.blocked")) : error;
    });
    // Who has gone on writing meanwhile keeps that.
    if (this.input?.value === content) {
      this.input.value = "";
      this.#changed();
    }
    this.tell("comment", comment);
    this.input?.focus();
  }
}

define("tl-comment-form", CommentForm);

