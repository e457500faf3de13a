// Where one writes: `<tl-composer>`. What is written belongs to the draft; this shows it and takes what is typed.

import { iconButton } from "../buttons.js";
import { attempt, sentence } from "../dialogs.js";
import { Element, define } from "../element.js";
import { fill, h, set } from "../dom.js";
import { icon } from "../icons.js";
import { lazy } from "../pages.js";
import { client } from "../session.js";
import { addKeys } from "../shell/keys.js";
import { t } from "../words.js";
import { pickEmoji } from "./emoji.js";
import { grow, isComposing, isTouched, pastedFiles, replace } from "./field.js";
import { lastOfMine } from "./last.js";
import { loaded } from "./loading.js";
import { draftFor } from "./open-drafts.js";
import { drawContext, drawOther, drawWaiting } from "./context.js";
import { Parts } from "./parts.js";
import { refusalOf, refusedOf } from "./refusals.js";
import { MOST, beginning, lengthOf } from "./text.js";

/** From how many characters before the end they are counted. */
const COUNTED = 200;

/** Where one writes in a chat. */
class Composer extends Element {
  field = h("textarea", {
    rows: 1, name: "content", placeholder: t("composer.label"), "aria-label": t("composer.label"), dir: "auto", enterKeyHint: isTouched() ? "enter" : "send",
    "aria-describedby": "composer-problem",
  });
  context = h("div", { class: "composer-context", hidden: true });
  other = h("div", { class: "composer-note", hidden: true });
  waiting = h("div", { class: "composer-note", role: "status", hidden: true });
  files = h("ul", { class: "composer-files", "aria-label": t("composer.attached"), hidden: true });
  attachButton = iconButton("attach", t("composer.attach"), () => this.#attach());
  emojiButton = iconButton("smile", t("composer.emoji"), () => this.#pick());
  clockButton = iconButton("clock", t("composer.schedule"), () => this.#schedule());
  problem = h("p", { class: "composer-problem", id: "composer-problem", role: "status" });
  counter = h("span", { class: "composer-counter", hidden: true });
  sendButton = iconButton("send", t("composer.send"), () => this.#enter(), { class: "icon-button composer-send" });
  parts = new Parts(this);

  start() {
    this.draft = draftFor(this.params.chat_id);
    fill(this, this.other, this.context, this.files, this.waiting, this.problem, h("div", { class: "composer-box" },
      this.attachButton, this.field, this.counter, this.emojiButton, this.clockButton, this.sendButton));
    this.parts.begin();
    this.listen(this.draft, "text", () => this.#drawText());
    this.listen(this.draft, "change", () => this.draw());
    this.listen(this.field, "input", () => this.#typed());
    this.listen(this.field, "keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
    this.listen(this.field, "blur", () => this.parts.completion?.close());
    this.listen(this.field, "click", () => this.parts.completion?.look());
    this.listen(this.field, "paste", (/** @type {ClipboardEvent} */ event) => {
      const files = pastedFiles(event);
      if (!files.length) return;
      event.preventDefault();
      this.addFiles(files);
    });
    this.listen(document, "selectionchange", () => this.#moved());
    this.follow("frame", (frame) => this.#frame(frame));
    this.follow("change", (chatId) => (chatId === null || chatId === this.params.chat_id) && this.#look());
    this.#drawText();
    this.draw();
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
    const all = [...files];
    attempt(async () => {
      const left = await this.#draft.attach(all, this.parts.load().then(({ Upload }) => Upload));
      if (left) this.#draft.tell(t("composer.too_many_files", { count: left }));
      this.#back();
    });
  }

  #attach() {
    this.parts.use(({ chooseFiles }) => chooseFiles(this.attachButton, (files) => this.addFiles(files)));
  }

  #schedule() {
    attempt(async () => {
      const [, { openScheduling }] = await loaded(lazy.scheduled);
      openScheduling(this.clockButton, this.#draft, () => this.#back());
    });
  }

  get #draft() {
    return this.draft ?? draftFor(this.params.chat_id);
  }

  #typed() {
    const { field } = this;
    this.#draft.type(field.value, [field.selectionStart, field.selectionEnd]);
    grow(field);
    this.parts.completion?.look();
    this.#drawState();
    if (!this.#draft.edit && field.value) client.typing(this.params.chat_id);
  }

  /** Where the cursor is belongs to the draft. */
  #moved() {
    if (document.activeElement !== this.field || this.#draft.edit) return;
    this.#draft.cursor = [this.field.selectionStart, this.field.selectionEnd];
  }

  /** Back to the field, after something else. */
  #back() {
    if (this.isConnected && !isTouched()) this.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (isComposing(event) || event.defaultPrevented || this.parts.completion?.key(event)) return;
    const { edit, reply, isWanted } = this.#draft;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && (!isTouched() || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#enter();
    } else if (event.key === "Escape" && (edit || reply || isWanted)) {
      event.preventDefault();
      if (isWanted) this.#draft.wait();
      else if (edit) this.#draft.editMessage(null);
      else this.#draft.answer(null);
    } else if (event.key === "ArrowUp" && !this.field.value && !edit && !event.shiftKey && !event.ctrlKey && !event.altKey) {
      this.#editLast();
    }
  }

  async #editLast() {
    const mine = await lastOfMine(this.params.chat_id).catch(() => null);
    if (mine && this.isConnected && !this.field.value) this.edit(mine);
  }

  async #enter() {
    const draft = this.#draft;
    try {
      if (draft.edit) await this.#save(draft);
      else {
        await draft.send();
        this.#look();
      }
    } catch (error) {
      draft.tell(refusalOf(error));
    }
    if (!isTouched() || this.contains(document.activeElement)) this.focus();
  }

  /** @param {import("./draft.js").Draft} draft */
  async #save(draft) {
    const { edit, chatId } = draft;
    const refusal = draft.refusal;
    if (!edit || refusal === null) return;
    if (refusal) return draft.tell(refusal);
    try {
      this.sendButton.disabled = true;
      if (edit.text !== edit.before) await client.edit(chatId, edit.id, edit.text);
      if (draft.edit?.id === edit.id) draft.editMessage(null);
    } catch (error) {
      draft.tell(t("composer.not_saved", { message: sentence(error) }));
    } finally {
      this.sendButton.disabled = false;
    }
  }

  async #pick() {
    const { cursor } = this.#draft;
    const emoji = await pickEmoji(this.emojiButton);
    if (!this.isConnected) return;
    if (emoji) replace(this.field, emoji, cursor[0], cursor[1]);
    else this.#back();
  }

  /** @param {any} frame */
  #frame(frame) {
    const { reply } = this.#draft;
    if (frame.type !== "message_recalled" || !reply || frame.message?.id !== reply.id) return;
    this.#draft.answer(null);
    this.#draft.tell(t("composer.reply_gone"));
  }

  /** Whether what was sent from here was refused, and why; and whose message is replied to, where the name was not known. */
  #look() {
    if (this.#draft.reply) drawContext(this.context, this.#draft, () => this.focus());
    const error = refusedOf(this.params.chat_id, this.#draft.sent);
    if (error) this.#draft.tell(refusalOf(error));
  }

  #drawText() {
    const { shown, cursor, edit } = this.#draft;
    if (this.field.value !== shown) this.field.value = shown;
    const [from, to] = edit ? [shown.length, shown.length] : cursor;
    this.field.setSelectionRange(from, to);
    grow(this.field);
    this.#drawState();
  }

  /** Shows everything but the text. */
  draw() {
    const back = () => this.focus();
    drawContext(this.context, this.#draft, back);
    drawOther(this.other, this.#draft, back);
    this.parts.drawFiles(this.#draft, back);
    drawWaiting(this.waiting, this.#draft, back);
    const { edit, isWanted } = this.#draft;
    this.attachButton.disabled = this.clockButton.disabled = !!edit || isWanted;
    this.field.readOnly = isWanted && !edit;
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
