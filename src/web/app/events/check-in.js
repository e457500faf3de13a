// Letting somebody in with a code.

import { client } from "../session.js";
import { request } from "../../client/http.js";

/**
 * What became of a code: `in` now, `again` where somebody has come in with it before, `wrong` for one of no ticket of this event,
 * `failed` where nobody can tell.
 * @typedef {{kind: "in" | "again" | "wrong" | "failed", code: string, answer?: any, error?: any}} Outcome
 */

/** Checks a code in. @param {string} eventId @param {string} code @returns {Promise<Outcome>} */
export async function checkIn(eventId, code) {
  try {
    const { status, answer } = await post(`/events/${eventId}/check-ins`, { code });
    return { kind: status === 201 ? "in" : "again", code, answer };
  } catch (error) {
    const { status } = /** @type {any} */ (error);
    return { kind: status === 404 || status === 400 ? "wrong" : "failed", code, error };
  }
}

/**
 * Posts, and answers the status too: it alone tells whether somebody came in now or before, however near both are.
 * @param {string} path @param {unknown} body
 */
async function post(path, body) {
  const { session } = client.rest;
  for (let again = false; ; again = true) {
    const kept = await session.fresh();
    let status = 0;
    /** @type {typeof fetch} */
    const asking = async (...asked) => {
      const response = await session.way.fetch(...asked);
      status = response.status;
      return response;
    };
    try {
      const answer = await request({ ...session.way, fetch: asking }, "POST", path, { body, headers: session.headers(kept) });
      return { status, answer };
    } catch (error) {
      if (/** @type {any} */ (error).status !== 401 || again) throw error;
      await session.refresh(kept.issued);
    }
  }
}
