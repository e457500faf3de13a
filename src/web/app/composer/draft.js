// What is being written in one chat: its text, what it answers, its files. It lives on when another chat is shown, so that
// uploads go on; every change is kept a moment later, see `drafts.js`.

import { client } from "../session.js";
import { t } from "../words.js";
import { Attachments, keptOf } from "./attachments.js";
import { DraftStorage } from "./draft-storage.js";
import { refusalOf, refusalOfText } from "./refusals.js";
import { isBlank, joined, sendable } from "./text.js";

/** How long after a key the text is kept. */
const PAUSE_MS = 250;
/** How long after a key nothing else comes into the field. */
const TYPING_MS = 1_500;

/** Tells `text` when its text is another one than was typed, and `change` when something else is. */
export class Draft extends EventTarget {
  text = "";
  /** @type {[number, number]} */
  cursor = [0, 0];
  /** @type {import("./drafts.js").ReplyTo | null} */
  reply = null;
  /** The message that is being edited; `before` is how it was. @type {import("./drafts.js").Kept["edit"]} */
  edit = null;
  /** What another window has written here meanwhile. */
  other = "";
  files = new Attachments(() => this.#uploaded());
  /** Whether it is to be sent when the last file is there. */
  isWanted = false;
  /** Why it cannot be sent, in words. */
  problem = "";
  /** What was sent and may still be refused, by `client_id`. @type {Set<string>} */
  sent = new Set();
  /** What is being handed to the outbox: until it is, it is kept here. @type {{text: string, uploads: import("./uploaded.js").Upload[]}[]} */
  #handing = [];
  /** @type {DraftStorage} */
  #storage;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;
  #typedAt = 0;

  /** @param {string} userId @param {string} chatId */
  constructor(userId, chatId) {
    super();
    this.chatId = chatId;
    this.#storage = new DraftStorage(userId, chatId);
    this.#take(this.#storage.stored);
  }

  /** How it is typed now. @param {string} text @param {[number, number]} cursor */
  type(text, cursor) {
    if (this.edit) this.edit = { ...this.edit, text };
    else [this.text, this.cursor] = [text, cursor];
    this.problem = "";
    this.#typedAt = Date.now();
    this.#changed();
  }

  /** Puts a text behind what is written. @param {string} text */
  add(text) {
    this.text = joined([this.text, text]);
    this.cursor = [this.text.length, this.text.length];
    this.#changed("text");
  }

  get uploads() {
    return this.files.all;
  }

  /** What stands in the field. */
  get shown() {
    return this.edit ? this.edit.text : this.text;
  }

  /** Why it cannot be sent as it is; "" where it can, null where there is nothing to send. */
  get refusal() {
    return refusalOfText(this.shown, !this.edit && this.files.areAny);
  }

  /** @param {import("./drafts.js").ReplyTo | null} reply */
  answer(reply) {
    this.reply = reply;
    this.#changed("change");
  }

  /** Edits a message; null goes back to what was written before. @param {{id: string, content: string} | null} message */
  editMessage(message) {
    this.edit = message && { id: message.id, text: message.content, before: message.content };
    this.problem = "";
    this.#changed("change", "text");
  }

  /**
   * Attaches files, and uploads them at once. Answers how many were too many.
   * @param {File[]} files @param {Promise<typeof import("../composing/uploads.js").Upload>} loading what uploads them
   */
  async attach(files, loading) {
    try {
      return await this.files.add(files, loading);
    } catch (error) {
      this.wait();
      throw error;
    }
  }

  /** What is to be sent. */
  get message() {
    const content = sendable(this.text);
    const attachments = keptOf(this.uploads).map(({ id }) => id);
    return {
      ...(isBlank(content) ? {} : { content }), ...(this.reply ? { reply_to: this.reply.id } : {}), ...(attachments.length ? { attachments } : {}),
    };
  }

  /** Whether all files are there; where one failed, it is said. */
  areFilesThere() {
    if (this.files.haveFailed) this.problem = t("composer.file_failed");
    return !this.files.haveFailed && !this.files.areOnTheirWay;
  }

  /** Sends it; or, where files are on their way, when they are there. */
  async send() {
    const { refusal } = this;
    this.problem = refusal ?? "";
    if (refusal === "" && this.areFilesThere()) this.sent.add(await this.hand((message) => client.send(this.chatId, message)));
    else this.isWanted = refusal === "" && !this.problem;
    this.dispatchEvent(new Event("change"));
  }

  /** Says why it cannot be sent. @param {string} problem */
  tell(problem) {
    this.problem = problem;
    this.dispatchEvent(new Event("change"));
  }

  /** No longer sends it by itself. */
  wait() {
    this.isWanted = false;
    this.tell("");
  }

  /**
   * Gives it to somebody. The field is empty at once; what is not taken comes back.
   * @template T
   * @param {(message: {content?: string, reply_to?: string, attachments?: string[]}) => Promise<T>} take
   * @returns {Promise<T>}
   */
  async hand(take) {
    const { message, text, reply, uploads } = this;
    this.isWanted = false;
    const handed = { text, uploads };
    this.#handing.push(handed);
    Object.assign(this, { text: "", cursor: [0, 0], reply: null });
    this.files.all = [];
    this.dispatchEvent(new Event("text"));
    this.tell("");
    try {
      const taken = await take(message);
      for (const upload of uploads) upload.cancel();
      return taken;
    } catch (error) {
      const later = this.text;
      Object.assign(this, { text, reply: this.reply ?? reply });
      this.files.all = [...uploads, ...this.uploads];
      this.add(later);
      this.dispatchEvent(new Event("change"));
      throw error;
    } finally {
      this.#handing = this.#handing.filter((each) => each !== handed);
      this.flush();
    }
  }

  /** Takes what another window has written, and keeps this text in its place. */
  swap() {
    const taken = this.other;
    [this.text, this.other] = ["", this.text];
    this.add(taken);
    this.dispatchEvent(new Event("change"));
  }

  /** Forgets what another window has written. */
  dismiss() {
    this.other = "";
    this.#changed("change");
  }

  /** Keeps it now. @param {boolean} [isLast] whether the page may be gone the next moment */
  flush(isLast = false) {
    clearTimeout(this.#later);
    this.#later = undefined;
    // What is being handed over is kept as it was, until it is.
    if (this.#handing.length && !isLast) return;
    const state = this.#state();
    if (this.#storage.isSame(state) && (this.#storage.isPassed() || !this.#storage.hasMoved(state))) return;
    if (!this.#storage.keep(state)) this.tell(t("composer.no_room"));
    this.heard();
    if (state.other === this.other) return;
    this.other = state.other;
    this.dispatchEvent(new Event("change"));
  }

  /** @param {...("text" | "change")} events */
  #changed(...events) {
    this.#later ??= setTimeout(() => this.flush(), PAUSE_MS);
    for (const event of events) this.dispatchEvent(new Event(event));
  }

  /** A file is further, or there, or refused. */
  #uploaded() {
    this.#changed("change");
    if (!this.isWanted || this.files.areOnTheirWay) return;
    this.isWanted = false;
    this.send().catch((error) => this.tell(refusalOf(error)));
  }

  /** @returns {import("./draft-storage.js").State} */
  #state() {
    const all = [...this.#handing, this];
    const files = keptOf(all.flatMap(({ uploads }) => uploads));
    return { text: joined(all.map(({ text }) => text)), cursor: this.cursor, reply: this.reply, files, edit: this.edit, other: this.other };
  }

  /** Another window has kept something else. It is shown, but for where somebody types: that is compared when it is kept. */
  heard() {
    if (!this.#storage.isPassed() || this.#handing.length || !this.#storage.isSame(this.#state())) return;
    const wait = this.#typedAt + TYPING_MS - Date.now();
    if (wait > 0) return void setTimeout(() => this.heard(), wait);
    this.#take(this.#storage.stored);
    this.dispatchEvent(new Event("text"));
    this.dispatchEvent(new Event("change"));
  }

  /** @param {import("./drafts.js").Kept | null} kept */
  #take(kept) {
    Object.assign(this, { text: kept?.text ?? "", cursor: kept?.cursor ?? [0, 0], reply: kept?.reply ?? null, edit: kept?.edit ?? null, other: kept?.other ?? "" });
    if (this.files.take(kept?.files ?? [])) this.problem = t("composer.file_too_old");
    this.#storage.begin(this.#state());
  }
}
