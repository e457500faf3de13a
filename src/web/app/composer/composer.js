// Where one writes: `<tl-composer>`. What is written belongs to the draft; this shows it and takes what is typed.

import { iconButton } from "../buttons.js";
import { sentence } from "../dialogs.js";
import { Element, define } from "../element.js";
import { fill, h, set } from "../dom.js";
import { icon } from "../icons.js";
import { client } from "../session.js";
import { addKeys } from "../shell/keys.js";
import { t } from "../words.js";
import { pickEmoji } from "./emoji.js";
import { grow, insert, isComposing, isTouched } from "./field.js";
import { draftFor } from "./open-drafts.js";
import { drawContext } from "./context.js";
import { MOST, beginning, lengthOf } from "./text.js";

/** From how many characters before the end they are counted. */
const COUNTED = 200;

/** Where one writes in a chat. */
class Composer extends Element {
  field = h("textarea", {
    rows: 1, name: "content", "aria-label": t("composer.label"), dir: "auto", enterKeyHint: isTouched() ? "enter" : "send",
    "aria-describedby": "composer-problem",
  });
  context = h("div", { class: "composer-context" });
  problem = h("p", { class: "composer-problem", id: "composer-problem", role: "status" });
  counter = h("span", { class: "composer-counter", hidden: true });
  sendButton = iconButton("send", t("composer.send"), () => this.#enter(), { class: "icon-button composer-send" });
  /** Messages that were sent from here and may still be refused. @type {Set<string>} */
  #sent = new Set();

  start() {
    this.draft = draftFor(this.params.chat_id);
    const emoji = iconButton("smile", t("composer.emoji"), () => this.#pick(emoji));
    this.box = h("div", { class: "composer-box" }, this.field, this.counter, emoji, this.sendButton);
    fill(this, this.context, this.problem, this.box);
    this.listen(this.draft, "text", () => this.#drawText());
    this.listen(this.draft, "change", () => this.#draw());
    this.listen(this.field, "input", () => this.#typed());
    this.listen(this.field, "keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
    this.follow("frame", (frame) => this.#frame(frame));
    this.follow("change", (chatId) => (chatId === null || chatId === this.params.chat_id) && this.#look());
    this.#drawText();
    this.#draw();
  }

  stop() {
    this.draft?.flush();
  }

  /** Replies to a message. @param {any} message */
  replyTo(message) {
    if (this.#draft.edit) this.#draft.editMessage(null);
    this.#draft.answer({ id: message.id, sender_id: message.sender_id, text: beginning(message.content) });
    this.focus();
  }

  /** Edits a message of mine. @param {any} message */
  edit(message) {
    this.#draft.editMessage({ id: message.id, content: message.content ?? "" });
    this.focus();
  }

  focus() {
    this.field.focus();
  }

  /** Attaches files. @param {Iterable<File>} files */
  addFiles(files) {
    this.#draft.attach([...files]);
  }

  get #draft() {
    return this.draft ?? draftFor(this.params.chat_id);
  }

  #typed() {
    const { field } = this;
    this.#draft.type(field.value, [field.selectionStart, field.selectionEnd]);
    grow(field);
    this.#drawState();
    if (!this.#draft.edit && field.value) client.typing(this.params.chat_id);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (isComposing(event) || event.defaultPrevented) return;
    const { edit, reply } = this.#draft;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && (!isTouched() || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#enter();
    } else if (event.key === "Escape" && (edit || reply)) {
      event.preventDefault();
      if (edit) this.#draft.editMessage(null);
      else this.#draft.answer(null);
    } else if (event.key === "ArrowUp" && !this.field.value && !edit && !event.shiftKey && !event.ctrlKey && !event.altKey) {
      const mine = client.chat(this.params.chat_id)?.messages.findLast((/** @type {any} */ message) =>
        message.sender_id === client.userId && message.content && !message.recalled_at && !message.state);
      if (!mine) return;
      event.preventDefault();
      this.edit(mine);
    }
  }

  async #enter() {
    const draft = this.#draft;
    try {
      if (draft.edit) await this.#save(draft);
      else {
        const sent = await draft.send();
        if (sent) this.#sent.add(sent);
      }
    } catch (error) {
      draft.problem = t("composer.not_sent", { message: sentence(error) });
      this.#draw();
    }
    if (!isTouched() || this.contains(document.activeElement)) this.focus();
  }

  /** @param {import("./draft.js").Draft} draft */
  async #save(draft) {
    const { edit, chatId } = draft;
    const refusal = draft.refusal;
    if (!edit || refusal === null) return;
    if (refusal) {
      draft.problem = refusal;
      return this.#draw();
    }
    try {
      this.sendButton.disabled = true;
      if (edit.text !== edit.before) await client.edit(chatId, edit.id, edit.text);
      if (draft.edit?.id === edit.id) draft.editMessage(null);
    } catch (error) {
      draft.problem = t("composer.not_saved", { message: sentence(error) });
      this.#draw();
    } finally {
      this.sendButton.disabled = false;
    }
  }

  /** @param {HTMLElement} anchor */
  async #pick(anchor) {
    const emoji = await pickEmoji(anchor);
    if (emoji) insert(this.field, emoji);
    else this.focus();
  }

  /** @param {any} frame */
  #frame(frame) {
    const { reply } = this.#draft;
    if (frame.type !== "message_recalled" || !reply || frame.message_id !== reply.id) return;
    this.#draft.answer(null);
    this.#draft.problem = t("composer.reply_gone");
    this.#draw();
  }

  /** Whether what was sent from here was refused, and why. */
  #look() {
    if (!this.#sent.size) return;
    const pending = client.chat(this.params.chat_id)?.messages.filter((/** @type {any} */ { state }) => state) ?? [];
    for (const id of this.#sent) {
      const found = pending.find((/** @type {any} */ { client_id }) => client_id === id);
      if (!found || found.state === "failed") this.#sent.delete(id);
      if (found?.state !== "failed") continue;
      const { code } = found.error ?? {};
      if (!["blocked", "banned", "forbidden", "not_found"].includes(code)) continue;
      this.#draft.problem = t(`composer.${code}`);
      this.#draw();
    }
  }

  #drawText() {
    const { shown, cursor, edit } = this.#draft;
    if (this.field.value !== shown) this.field.value = shown;
    const [from, to] = edit ? [shown.length, shown.length] : cursor;
    this.field.setSelectionRange(from, to);
    grow(this.field);
    this.#drawState();
  }

  #draw() {
    drawContext(this.context, this.#draft);
    this.#drawState();
  }

  /** What depends on every key. */
  #drawState() {
    const { edit, problem, shown, refusal } = this.#draft;
    const left = MOST - lengthOf(shown);
    this.counter.hidden = left > COUNTED;
    if (left <= COUNTED) this.counter.textContent = String(left);
    this.counter.classList.toggle("is-over", left < 0);
    if (this.problem.textContent !== problem) this.problem.textContent = problem;
    this.sendButton.classList.toggle("is-ready", refusal === "");
    const label = t(edit ? "composer.save" : "composer.send");
    if (this.sendButton.title === label) return;
    set(this.sendButton, { title: label, "aria-label": label });
    fill(this.sendButton, icon(edit ? "check" : "send"));
  }
}

define("tl-composer", Composer);
addKeys([{ keys: "Enter", words: "composer.keys_send" }, { keys: "↑", words: "composer.keys_edit" }]);
