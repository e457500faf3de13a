// What is loaded once somebody writes: files, and what is completed.

import { attempt } from "../dialogs.js";
import { lazy } from "../pages.js";
import { loaded } from "./loading.js";

/** @typedef {typeof import("../composing/index.js").parts} All */

/** The parts of one composer. */
export class Parts {
  /** @type {Promise<any> | null} */
  #loading = null;
  /** @type {All | null} */
  #all = null;
  /** @type {import("../composing/completion.js").Completion | null} */
  completion = null;

  /** @param {import("../element.js").Element & {field: HTMLTextAreaElement, files: HTMLElement, addFiles: (files: File[]) => void, draw: () => void}} composer */
  constructor(composer) {
    this.composer = composer;
  }

  /** Where files can be dropped. @returns {HTMLElement} */
  get host() {
    return this.composer.closest(".conversation-main") ?? this.composer;
  }

  /** Loads them when somebody comes near. */
  begin() {
    const { composer, host } = this;
    this.#all = this.completion = null;
    for (const event of ["focusin", "pointerover"]) composer.listen(composer, event, () => this.#soon(), { once: true });
    // A file that is dropped before they are there would be shown instead of the page.
    for (const event of ["dragover", "drop"]) {
      composer.listen(host, event, (/** @type {DragEvent} */ event) => {
        if (this.#all || !event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        this.#soon();
      });
    }
  }

  /** Does something with them. @param {(all: All) => unknown} work */
  use(work) {
    return attempt(async () => work(await this.load()));
  }

  /** @param {import("./draft.js").Draft} draft @param {() => void} onremoved */
  drawFiles(draft, onremoved) {
    if (this.#all) this.#all.drawFiles(this.composer.files, draft, onremoved);
    else if (draft.uploads.length) this.#soon();
  }

  #soon() {
    this.load().catch(() => {});
  }

  /** @returns {Promise<All>} */
  async load() {
    this.#loading ??= loaded(lazy.composing);
    try {
      const [, { parts }] = await this.#loading;
      if (!this.#all && this.composer.isConnected) this.#take(parts);
      return parts;
    } catch (error) {
      this.#loading = null;
      throw error;
    }
  }

  /** @param {All} all */
  #take(all) {
    const { composer, host } = this;
    this.#all = all;
    this.completion = new all.Completion(composer.field, [all.people(composer.params.chat_id), all.emojiNames()]);
    composer.prepend(this.completion.list);
    all.takeDropped(composer, host, (files) => composer.addFiles(files));
    composer.draw();
    if (document.activeElement === composer.field) this.completion.look();
  }
}
