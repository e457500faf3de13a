// Shows more messages where the reader comes near an end of the rows, and loads more where those that are held end.

import { attempt } from "../dialogs.js";
import { MOST } from "./items.js";
import { messageOf } from "./row.js";

/** At least so many pixels are filled beyond the view. */
const FAR = 600;

/** What fills a history. */
export class Filling {
  #isLoading = false;

  /** @param {import("./history.js").History} history */
  constructor(history) {
    this.history = history;
  }

  /** Looks whether there is enough at both ends. @param {import("./source.js").State} state @param {number} count how many rows there are */
  look({ messages, hasOlder, hasNewer }, count) {
    const { view, list, slice, anchor, source } = this.history;
    source.setViewport(anchor.isAtEnd ? null : (messageOf(anchor.row ?? list)?.seq ?? null));
    const far = Math.max(FAR, view.clientHeight * 0.8);
    const isNearTop = view.scrollTop - list.offsetTop < far;
    const isNearEnd = anchor.below < far;
    const isFull = count >= MOST;
    if (isNearTop && !(isNearEnd && isFull)) {
      if (slice.growUp(messages)) return this.history.changed();
      if (hasOlder) this.#load(() => source.older());
    }
    if (isNearEnd && !anchor.reachesEnd && !(isNearTop && isFull)) {
      if (slice.growDown(messages)) return this.history.changed();
      if (hasNewer) this.#load(() => source.newer());
    }
  }

  /** @param {() => Promise<unknown>} work */
  async #load(work) {
    if (this.#isLoading) return;
    this.#isLoading = true;
    await attempt(work);
    this.#isLoading = false;
    this.history.changed();
  }
}
