// The REST API: one request and its answer, and the requests of who is signed in.

import { TrunklineError } from "./errors.js";

/**
 * @typedef {object} RequestOptions
 * @property {Record<string, unknown>} [query] left out where undefined
 * @property {unknown} [body] sent as JSON; a `FormData` as it is
 * @property {Record<string, string>} [headers]
 * @property {AbortSignal} [signal]
 */

/**
 * Sends a request to the API and reads the answer.
 * @param {{base: string, fetch: typeof fetch, credentials: RequestCredentials, timeoutMs: number}} way
 * @param {string} method
 * @param {string} path below `/api/v1`
 * @param {RequestOptions} [options]
 * @returns {Promise<any>} what the answer holds; `null` where it holds nothing
 * @throws {TrunklineError}
 */
export async function request(way, method, path, options = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined && value !== null) query.set(name, String(value));
  }
  const url = `${way.base}/api/v1${path}${query.size ? `?${query}` : ""}`;
  const isForm = typeof FormData !== "undefined" && options.body instanceof FormData;
  const headers = { ...options.headers };
  if (options.body !== undefined && !isForm) headers["content-type"] = "application/json";
  const timeout = AbortSignal.timeout(way.timeoutMs);
  let response, text;
  try {
    response = await way.fetch(url, {
      method,
      headers,
      body: /** @type {any} */ (isForm || options.body === undefined ? options.body : JSON.stringify(options.body)),
      credentials: way.credentials,
      signal: options.signal ? anyOf(options.signal, timeout) : timeout,
    });
    text = await response.text();
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new TrunklineError("unreachable", `the server cannot be reached: ${error}`);
  }
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    // A proxy's page, or an answer that was cut off.
    if (response.ok) throw new TrunklineError("unreachable", "the answer was no JSON");
  }
  if (response.ok) return answer;
  const seconds = Number(response.headers.get("retry-after"));
  throw new TrunklineError(answer?.code ?? "unknown", answer?.detail ?? `the server answered ${response.status}`, {
    status: response.status,
    errors: answer?.errors,
    retryAfterMs: seconds > 0 ? seconds * 1000 : undefined,
    requestId: answer?.instance,
  });
}

/** `AbortSignal.any`, which browsers of 2023 do not have. @param {AbortSignal} one @param {AbortSignal} other */
function anyOf(one, other) {
  if (AbortSignal.any) return AbortSignal.any([one, other]);
  const both = new AbortController();
  for (const signal of [one, other]) {
    if (signal.aborted) both.abort();
    signal.addEventListener("abort", () => both.abort());
  }
  return both.signal;
}

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
