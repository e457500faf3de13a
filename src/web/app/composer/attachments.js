// The files of one draft: those that are there, those on their way, and those that are about to come.

import { uploaded } from "./uploaded.js";

/** How many files a message has at most. */
const MOST_FILES = 10;
/** How long the server keeps a file that belongs to no message. */
const FILE_MS = 23.5 * 3_600_000;

/** @typedef {import("./uploaded.js").Upload} Upload */

/** What of some files is kept. @param {Upload[]} uploads */
export function keptOf(uploads) {
  return uploads.flatMap(({ kept }) => (kept ? [kept] : []));
}

/** It tells `onchange` when one of them is further, or gone. */
export class Attachments {
  /** @type {Upload[]} */
  all = [];
  /** How many times files are about to come. */
  #expected = 0;

  /** @param {() => void} onchange */
  constructor(onchange) {
    this.onchange = onchange;
  }

  get areAny() {
    return this.#expected + this.all.length > 0;
  }

  get areOnTheirWay() {
    return this.#expected > 0 || this.all.some(({ state }) => state === "running" || state === "waiting");
  }

  get haveFailed() {
    return this.all.some(({ state }) => state === "failed");
  }

  /**
   * Takes files, and uploads them at once. Answers how many were too many.
   * @param {File[]} files @param {Promise<typeof import("../composing/uploads.js").Upload>} loading what uploads them
   */
  async add(files, loading) {
    this.#expected += 1;
    const Upload = await loading.finally(() => (this.#expected -= 1));
    const taken = files.slice(0, Math.max(0, MOST_FILES - this.all.length));
    const uploads = taken.map((file) => new Upload(file, () => this.onchange()));
    this.all = [...this.all, ...uploads];
    for (const upload of uploads) upload.start();
    this.onchange();
    return files.length - taken.length;
  }

  /** @param {Upload} upload */
  remove(upload) {
    upload.cancel();
    this.all = this.all.filter((each) => each !== upload);
    this.onchange();
  }

  /** Shows what is kept, beside what is on its way here. Answers whether some of it is too old. @param {import("./drafts.js").KeptFile[]} kept */
  take(kept) {
    const files = kept.filter(({ at }) => Date.now() - at < FILE_MS);
    const mine = this.all.filter((upload) => !upload.kept);
    const before = new Map(this.all.map((upload) => [upload.kept?.id, upload]));
    this.all = [...files.map((file) => before.get(file.id) ?? uploaded(file)), ...mine];
    return files.length < kept.length;
  }
}
