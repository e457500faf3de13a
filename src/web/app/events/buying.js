// Asking for places. A click gets them once, however often the request has to be sent.

import { client } from "../session.js";
import { randomName } from "../../client/platform.js";
import { sleep } from "../../client/waiting.js";

/** How long is waited between one attempt and the next while the server cannot be reached. */
const PAUSES_MS = [400, 800, 1_500, 3_000, 5_000];

/** What somebody wants of one event. */
export class Buying {
  /** Names what is wanted: the server does it once. */
  #key = "";
  /** What the name stands for. */
  #wanted = "";

  /** @param {string} eventId */
  constructor(eventId) {
    this.path = `/events/${eventId}/tickets`;
  }

  /**
   * Answers a ticket, or a place on the waiting list.
   * @param {{quantity: number, wait?: boolean}} body
   * @param {() => void} onTrouble called before it is sent once more
   * @param {AbortSignal} signal
   */
  async ask(body, onTrouble, signal) {
    const wanted = JSON.stringify(body);
    // Whoever clicks again because nobody could tell whether it was done wants the same thing.
    if (wanted !== this.#wanted) [this.#wanted, this.#key] = [wanted, randomName()];
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await client.rest.call("POST", this.path, { body, headers: { "idempotency-key": this.#key }, signal });
        this.#wanted = "";
        return answer;
      } catch (error) {
        const { isTemporary, retryAfterMs } = /** @type {import("../../client/errors.js").TrunklineError} */ (error);
        if (!isTemporary) this.#wanted = "";
        if (!isTemporary || attempt >= PAUSES_MS.length) throw error;
        onTrouble();
        await sleep(retryAfterMs ?? PAUSES_MS[attempt], signal);
        signal.throwIfAborted();
      }
    }
  }
}
