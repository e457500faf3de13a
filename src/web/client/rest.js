// The REST API, signed in.

import { TrunklineError } from "./errors.js";
import { request } from "./http.js";

/** Requests of who is signed in. A token that has run out is refreshed on the way. */
export class Rest {
  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
    /** Whose requests these are; null: of whoever is signed in. @type {string | null} */
    this.me = null;
  }

  /**
   * @param {string} method
   * @param {string} path below `/api/v1`
   * @param {import("./http.js").RequestOptions} [options]
   * @returns {Promise<any>}
   */
  async call(method, path, options = {}) {
    const { session } = this;
    for (let again = false; ; again = true) {
      const kept = await session.fresh();
      // Another tab has signed somebody else in: what was begun by one person is not done by another.
      if (this.me !== null && kept.user_id !== this.me) throw new TrunklineError("not_signed_in", "somebody else is signed in", { status: 401 });
      try {
        const headers = { ...options.headers, ...session.headers(kept) };
        return await request(session.way, method, path, { ...options, headers });
      } catch (error) {
        if (/** @type {TrunklineError} */ (error).status !== 401 || again) throw error;
        await session.refresh(kept.issued);
      }
    }
  }

  /** @param {string} path @param {Record<string, unknown>} [query] @param {AbortSignal} [signal] */
  get(path, query, signal) {
    return this.call("GET", path, { query, signal });
  }

  /** @param {string} path @param {unknown} [body] @param {AbortSignal} [signal] */
  post(path, body, signal) {
    return this.call("POST", path, { body, signal });
  }

  /** @param {string} path @param {unknown} [body] */
  put(path, body) {
    return this.call("PUT", path, { body });
  }

  /** @param {string} path @param {unknown} [body] */
  patch(path, body) {
    return this.call("PATCH", path, { body });
  }

  /** @param {string} path @param {unknown} [body] */
  delete(path, body) {
    return this.call("DELETE", path, { body });
  }

  /**
   * Every item of a list, page by page, as far as pages go (10,000).
   * @param {string} path
   * @param {Record<string, unknown>} query
   * @param {AbortSignal} [signal]
   * @returns {Promise<any[]>}
   */
  async all(path, query, signal) {
    const items = [];
    for (;;) {
      const page = await this.get(path, { ...query, limit: 100, offset: items.length }, signal);
      items.push(...page.items);
      if (page.items.length < 100 || items.length > 10_000) return items;
    }
  }
}
