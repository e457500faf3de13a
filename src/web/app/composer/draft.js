// What is being written in one chat: its text, what it answers, its files. It lives on when another chat is shown, so that
// uploads go on; every change is kept a moment later, see `drafts.js`.

import { client } from "../session.js";
import { t } from "../words.js";
import { read, readAgain, write } from "./drafts.js";
import { MOST, isBlank, lengthOf, sendable } from "./text.js";
import { Upload } from "./uploads.js";

/** How long after a key the text is kept. */
const PAUSE_MS = 250;
/** How many files a message has at most. */
export const MOST_FILES = 10;
/** How long the server keeps a file that belongs to no message. */
const FILE_MS = 23.5 * 3_600_000;

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
  /** @type {Upload[]} */
  uploads = [];
  /** Whether it is to be sent when the last file is there. */
  isWanted = false;
  /** Why it cannot be sent, in words. */
  problem = "";
  /** The version that this window has begun with. @type {string | null} */
  #base = null;
  /** What was kept or taken over last. */
  #kept = "";
  /** Texts that are being handed to the outbox: until they are, they are kept here. @type {string[]} */
  #handing = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;

  /** @param {string} userId @param {string} chatId */
  constructor(userId, chatId) {
    super();
    this.userId = userId;
    this.chatId = chatId;
    this.#take(read(userId, chatId));
  }

  /** How it is typed now. @param {string} text @param {[number, number]} cursor */
  type(text, cursor) {
    if (this.edit) this.edit = { ...this.edit, text };
    else [this.text, this.cursor] = [text, cursor];
    this.problem = "";
    this.#changed();
  }

  /** What stands in the field. */
  get shown() {
    return this.edit ? this.edit.text : this.text;
  }

  /** Why it cannot be sent as it is; "" where it can, null where there is nothing to send. */
  get refusal() {
    const length = lengthOf(sendable(this.shown));
    if (length > MOST) return t("composer.too_long", { count: length - MOST, most: MOST });
    if (!isBlank(this.shown)) return "";
    return this.edit || !this.uploads.length ? null : "";
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

  /** Attaches files, and uploads them at once. Answers how many were too many. @param {File[]} files */
  attach(files) {
    const taken = files.slice(0, Math.max(0, MOST_FILES - this.uploads.length));
    const uploads = taken.map((file) => new Upload(file, () => this.#uploaded()));
    this.uploads = [...this.uploads, ...uploads];
    for (const upload of uploads) upload.start();
    this.#changed("change");
    return files.length - taken.length;
  }

  /** @param {Upload} upload */
  detach(upload) {
    upload.cancel();
    this.uploads = this.uploads.filter((each) => each !== upload);
    this.#changed("change");
    this.#uploaded();
  }

  /** What is to be sent: null while it cannot be. */
  get message() {
    const content = sendable(this.text);
    const attachments = this.uploads.flatMap(({ kept }) => (kept ? [kept.id] : []));
    return {
      ...(isBlank(content) ? {} : { content }), ...(this.reply ? { reply_to: this.reply.id } : {}), ...(attachments.length ? { attachments } : {}),
    };
  }

  /** Whether all files are there; where one failed, it is said. */
  areFilesThere() {
    if (this.uploads.some(({ state }) => state === "failed")) this.problem = t("composer.file_failed");
    else if (this.uploads.every(({ state }) => state === "done")) return true;
    return false;
  }

  /** Sends it; or, where files are on their way, when they are there. Answers the `client_id` of what was sent. @returns {Promise<string | null>} */
  async send() {
    const refusal = this.refusal;
    if (refusal || refusal === null) {
      this.problem = refusal ?? "";
    } else if (this.areFilesThere()) {
      return this.hand((message) => client.send(this.chatId, message));
    } else {
      this.isWanted = !this.problem;
    }
    this.dispatchEvent(new Event("change"));
    return null;
  }

  /** No longer sends it by itself. */
  wait() {
    this.isWanted = false;
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Hands it to somebody. The field is empty at once; what is not taken comes back.
   * @template T
   * @param {(message: {content?: string, reply_to?: string, attachments?: string[]}) => Promise<T>} take
   * @returns {Promise<T>}
   */
  async hand(take) {
    const { message, text, reply, uploads } = this;
    this.isWanted = false;
    this.#handing.push(text);
    Object.assign(this, { text: "", cursor: [0, 0], reply: null, uploads: [], problem: "" });
    this.dispatchEvent(new Event("text"));
    this.dispatchEvent(new Event("change"));
    try {
      const taken = await take(message);
      for (const upload of uploads) upload.cancel();
      return taken;
    } catch (error) {
      this.text = joined([text, this.text]);
      this.cursor = [this.text.length, this.text.length];
      this.reply ??= reply;
      this.uploads = [...uploads, ...this.uploads];
      this.dispatchEvent(new Event("text"));
      this.dispatchEvent(new Event("change"));
      throw error;
    } finally {
      this.#handing.splice(this.#handing.indexOf(text), 1);
      this.flush();
    }
  }

  /** Takes what another window has written, and keeps this text in its place. */
  swap() {
    [this.text, this.other] = [this.other, this.text];
    this.cursor = [this.text.length, this.text.length];
    this.#changed("text", "change");
  }

  /** Forgets what another window has written. */
  dismiss() {
    this.other = "";
    this.#changed("change");
  }

  /** Keeps it now. */
  flush() {
    clearTimeout(this.#later);
    this.#later = undefined;
    const now = this.#state();
    if (JSON.stringify(now) === this.#kept) return;
    const stored = readAgain(this.userId, this.chatId);
    // Another window was here: its text is kept beside this one.
    if (stored && stored.version !== this.#base && stored.text.trim() && stored.text !== now.text) {
      now.other = this.other = stored.text;
      this.dispatchEvent(new Event("change"));
    }
    const isEmpty = !now.text && !now.files.length && !now.reply && !now.edit && !now.other;
    const version = isEmpty ? null : `${Date.now()}.${Math.random()}`;
    const isKept = write(this.userId, this.chatId, version === null ? null : { ...now, version });
    if (!isKept) {
      this.problem = t("composer.no_room");
      this.dispatchEvent(new Event("change"));
    }
    this.#base = version;
    this.#kept = JSON.stringify(now);
  }

  /** @param {...("text" | "change")} events */
  #changed(...events) {
    this.#later ??= setTimeout(() => this.flush(), PAUSE_MS);
    for (const event of events) this.dispatchEvent(new Event(event));
  }

  /** A file is further, or there, or refused. */
  #uploaded() {
    this.#changed("change");
    if (!this.isWanted || this.uploads.some(({ state }) => state === "running" || state === "waiting")) return;
    this.isWanted = false;
    this.send().catch(() => {});
  }

  /** @returns {Omit<import("./drafts.js").Kept, "version">} */
  #state() {
    const files = this.uploads.flatMap(({ kept }) => (kept ? [kept] : []));
    return { text: joined([...this.#handing, this.text]), cursor: this.cursor, reply: this.reply, files, edit: this.edit, other: this.other };
  }

  /** Another window has kept something else. */
  heard() {
    const stored = read(this.userId, this.chatId);
    // What was typed here since then is compared when it is kept.
    if ((stored?.version ?? null) === this.#base || this.#handing.length || JSON.stringify(this.#state()) !== this.#kept) return;
    this.#take(stored);
    this.dispatchEvent(new Event("text"));
    this.dispatchEvent(new Event("change"));
  }

  /** @param {import("./drafts.js").Kept | null} kept */
  #take(kept) {
    const files = (kept?.files ?? []).filter(({ at }) => Date.now() - at < FILE_MS);
    const mine = this.uploads.filter((upload) => !upload.kept);
    const before = new Map(this.uploads.map((upload) => [upload.kept?.id, upload]));
    this.uploads = [...files.map((file) => before.get(file.id) ?? Upload.of(file, () => this.#uploaded())), ...mine];
    Object.assign(this, { text: kept?.text ?? "", cursor: kept?.cursor ?? [0, 0], reply: kept?.reply ?? null, edit: kept?.edit ?? null, other: kept?.other ?? "" });
    if (kept && files.length < kept.files.length) this.problem = t("composer.file_too_old");
    this.#base = kept?.version ?? null;
    this.#kept = JSON.stringify(this.#state());
  }
}

/** @param {string[]} texts */
function joined(texts) {
  return texts.filter(Boolean).join("\n");
}
