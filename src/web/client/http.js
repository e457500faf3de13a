// One request and its answer.

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
