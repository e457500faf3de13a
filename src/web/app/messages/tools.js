// The toolbar of a history, which is loaded when somebody first points at a message, and the long press that opens its menu.

import { tellError } from "../dialogs.js";
import { lazy } from "../pages.js";
import { rowOf } from "./row.js";

/** Then it is loaded, whether anybody has pointed at something or not: the network may be gone later. */
const LATER_MS = 3_000;
/** How long a finger rests. */
const LONG_MS = 450;

/** What loads it. */
export class Tools {
  /** @type {Promise<any> | null} */
  #toolbar = null;

  /** @param {import("./history.js").History} history */
  constructor(history) {
    this.history = history;
    const point = (/** @type {any} */ { target, pointerType }) => this.#load().then((toolbar) => pointerType !== "touch" && toolbar.show(rowOf(target)), () => {});
    for (const event of ["pointerover", "focusin"]) history.listen(history.list, event, point, { once: true });
    const timer = setTimeout(() => this.#load().catch(() => {}), LATER_MS);
    history.signal.addEventListener("abort", () => clearTimeout(timer));
    this.#listenToFingers();
  }

  /** Does something with it. @param {(toolbar: any) => void} work */
  use(work) {
    this.#load().then(work, tellError);
  }

  #load() {
    this.#toolbar ??= lazy.messageTools().then((/** @type {any} */ [, { toolbarOf }]) => toolbarOf(this.history), (error) => {
      this.#toolbar = null;
      throw error;
    });
    return this.#toolbar;
  }

  /** A long press opens the menu. */
  #listenToFingers() {
    const { list } = this.history;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const end = () => clearTimeout(timer);
    this.history.listen(list, "pointerdown", (event) => {
      end();
      if (event.pointerType === "mouse" || event.target.closest("a, button, video, audio")) return;
      const row = rowOf(event.target);
      timer = setTimeout(() => this.use((toolbar) => toolbar.open(row)), LONG_MS);
    });
    for (const event of ["pointerup", "pointercancel"]) this.history.listen(list, event, end);
    this.history.listen(list, "pointermove", ({ movementX, movementY }) => Math.hypot(movementX, movementY) > 4 && end());
    this.history.listen(list, "contextmenu", (event) => event.pointerType === "touch" && !event.target.closest("a, img") && event.preventDefault());
  }
}
