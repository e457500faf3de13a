// Waiting: pauses that can be cut short, and back-off with jitter.

/**
 * Waits. Ends early, without an error, when `signal` is aborted.
 * @param {number} ms
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function sleep(ms, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}

/** Pauses that grow from one failure to the next, each with jitter, so that a crowd does not come back at once. */
export class Backoff {
  #failures = 0;

  /** @param {number} [firstMs] @param {number} [mostMs] */
  constructor(firstMs = 500, mostMs = 30_000) {
    this.firstMs = firstMs;
    this.mostMs = mostMs;
  }

  /** The next pause in milliseconds: between half of the full one and all of it. */
  next() {
    const full = Math.min(this.mostMs, this.firstMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 16);
    return full * (0.5 + Math.random() / 2);
  }

  /** It worked: the next failure is the first one again. */
  reset() {
    this.#failures = 0;
  }
}

/**
 * Does the same again until it works, is refused for good, or `signal` is aborted. What the server asks for in
 * `Retry-After` is obeyed.
 * @template T
 * @param {() => Promise<T>} work
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
export async function patiently(work, signal) {
  const backoff = new Backoff();
  for (;;) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!(/** @type {any} */ (error).isTemporary)) throw error;
      await sleep(Math.max(backoff.next(), /** @type {any} */ (error).retryAfterMs ?? 0), signal);
    }
  }
}

/** Read marks that the server does not know yet: told when it can be reached. */
export class ReadMarks {
  /** @type {Map<string, number>} */
  #waiting = new Map();

  /** @param {import("./http.js").Rest} rest */
  constructor(rest) {
    this.rest = rest;
  }

  /** The mark of a chat, until the server knows it. @param {string} chatId */
  of(chatId) {
    return this.#waiting.get(chatId);
  }

  /** Tells the server, after each other the latest mark of a chat. @param {string} chatId @param {number} seq @param {AbortSignal} signal */
  async tell(chatId, seq, signal) {
    const isUnderWay = this.#waiting.has(chatId);
    this.#waiting.set(chatId, seq);
    if (isUnderWay) return;
    try {
      let told;
      do {
        told = this.#waiting.get(chatId);
        await patiently(() => this.rest.put(`/chats/${chatId}/read`, { seq: this.#waiting.get(chatId) }), signal);
      } while (told !== this.#waiting.get(chatId));
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#waiting.delete(chatId);
    }
  }
}
