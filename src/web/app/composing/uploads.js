// Files on their way to the server. Three at a time; each tells how far it is, and why it was refused.

import { client } from "../session.js";
import { size as bytes, t } from "../words.js";

/** What the server takes. */
export const MOST_BYTES = 25 * 1024 * 1024;
/** How many are on their way at once. */
const AT_ONCE = 3;

/** @type {Upload[]} */
let waiting = [];
let running = 0;
let names = 0;

/** @typedef {"waiting" | "running" | "done" | "failed"} UploadState */

/** One file. It tells `onchange` whenever it can be shown differently. */
export class Upload {
  key = `upload-${++names}`;
  /** @type {UploadState} */
  state = "waiting";
  /** Between 0 and 1. */
  progress = 0;
  /** Why it failed, in words. */
  why = "";
  /** Whether it may succeed when there is a network again. */
  isUnreachable = false;
  /** Whether trying again makes sense. */
  canRetry = true;
  /** What the server has made of it. @type {import("../composer/drafts.js").KeptFile | null} */
  kept = null;
  /** An address that shows it, where it is a picture. @type {string | null} */
  preview = null;
  /** @type {XMLHttpRequest | null} */
  #request = null;
  /** The same file sent twice is one upload. */
  #name = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  /** @param {File} file @param {(upload: Upload) => void} onchange */
  constructor(file, onchange) {
    this.file = file;
    this.name = file.name || t("composing.file");
    this.size = file.size;
    this.onchange = onchange;
    if (/^image\/(?:png|jpeg|gif|webp|avif|bmp)$/.test(file.type)) this.preview = URL.createObjectURL(file);
  }

  /** Begins, or begins again. */
  start() {
    if (this.state === "running" || this.state === "done") return;
    this.progress = 0;
    this.isUnreachable = false;
    if (this.size > MOST_BYTES) return this.#fail(t("composing.too_large", { size: bytes(MOST_BYTES) }), false);
    if (this.size === 0) return this.#fail(t("composing.empty_file"), false);
    this.#set("waiting");
    if (!waiting.includes(this)) waiting.push(this);
    next();
  }

  /** Gives up. */
  cancel() {
    waiting = waiting.filter((each) => each !== this);
    this.onchange = () => {};
    this.#request?.abort();
    if (this.preview) URL.revokeObjectURL(this.preview);
  }

  /** Sends it; a session that has run out is renewed on the way. */
  async run() {
    running += 1;
    this.#set("running");
    try {
      const kept = await client.session.fresh();
      let { status, answer, wait } = await this.#send();
      if (status === 401) {
        await client.session.refresh(kept.issued);
        ({ status, answer, wait } = await this.#send());
      }
      if (status === 201) this.#done(answer);
      else this.#refused(status, answer, wait);
    } catch (error) {
      this.#refused(/** @type {any} */ (error).status ?? 0, null, 0);
    } finally {
      running -= 1;
      next();
    }
  }

  /** @returns {Promise<{status: number, answer: any, wait: number}>} */
  #send() {
    const request = (this.#request = new XMLHttpRequest());
    return new Promise((resolve) => {
      request.open("POST", `${client.way.base}/api/v1/uploads`);
      request.setRequestHeader("Idempotency-Key", this.#name);
      request.upload.onprogress = ({ loaded, total }) => {
        this.progress = total ? loaded / total : 0;
        this.onchange(this);
      };
      request.onloadend = () => {
        const wait = Number(request.getResponseHeader("Retry-After")) || 0;
        resolve({ status: request.status, answer: parse(request.responseText), wait });
      };
      const form = new FormData();
      form.append("file", this.file, this.name);
      request.send(form);
    });
  }

  /** @param {any} answer */
  #done(answer) {
    const { id, name, content_type, size, thumbnail_url } = answer;
    this.kept = { id, name, content_type, size, is_picture: !!thumbnail_url, at: Date.now() };
    this.progress = 1;
    this.#set("done");
  }

  /** @param {number} status @param {any} answer @param {number} wait seconds */
  #refused(status, answer, wait) {
    const detail = answer?.detail ?? String(status);
    this.isUnreachable = status === 0;
    if (status === 0) this.#fail(t("app.unreachable"));
    else if (status === 413 && this.size > MOST_BYTES / 2) this.#fail(t("composing.refused", { message: detail }), false);
    else if (status === 429 || status === 503) this.#fail(t("composing.refused_now", { message: detail, seconds: wait }));
    else this.#fail(t("composing.refused", { message: detail }));
  }

  /** @param {string} why @param {boolean} [canRetry] */
  #fail(why, canRetry = true) {
    this.why = why;
    this.canRetry = canRetry;
    this.#set("failed");
  }

  /** @param {UploadState} state */
  #set(state) {
    this.state = state;
    if (state !== "failed") this.why = "";
    this.onchange(this);
  }
}

function next() {
  while (running < AT_ONCE && waiting.length) waiting.shift()?.run();
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
