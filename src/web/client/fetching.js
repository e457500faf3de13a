// What the store asks the server for, again and again until it answers, and what happens meanwhile.

import { patiently } from "./waiting.js";

/** The requests of one store. */
export class Fetching {
  /** Counts what begins, so that it is known what came before what. */
  moment = 0;
  /** How many are under way. */
  count = 0;

  /**
   * @param {import("./rest.js").Rest} rest
   * @param {AbortSignal} signal
   * @param {() => void} onRest nothing is under way any more
   */
  constructor(rest, signal, onRest) {
    this.rest = rest;
    this.signal = signal;
    this.onRest = onRest;
  }

  /** @param {string} path @param {Record<string, unknown>} [query] @returns {Promise<any>} */
  get(path, query) {
    return patiently(() => this.rest.get(path, query, this.signal), this.signal);
  }

  /** Every item of a list. @param {string} path @param {Record<string, unknown>} [query] @returns {Promise<any[]>} */
  all(path, query = {}) {
    return patiently(() => this.rest.all(path, query, this.signal), this.signal);
  }

  /**
   * Fetches something and takes it before it counts as done. `take` is told the moment at which it began: the answer may be
   * older than what has happened since.
   * @template T
   * @param {() => Promise<T>} fetch
   * @param {(answer: T, began: number) => void} take
   * @returns {Promise<T>}
   */
  async during(fetch, take) {
    const began = ++this.moment;
    this.count += 1;
    try {
      const answer = await fetch();
      take(answer, began);
      return answer;
    } finally {
      this.count -= 1;
      if (!this.count) this.onRest();
    }
  }
}
