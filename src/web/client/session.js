// Who is signed in. All tabs share one session, and one of them refreshes it for all.

import { TrunklineError } from "./errors.js";
import { request } from "./http.js";
import { exclusively, randomName } from "./platform.js";
import { sleep } from "./waiting.js";

/** An access token that lasts less than this is not begun with. */
const MARGIN_MS = 30_000;
/** An answer with new tokens that got lost is asked for again while the server still knows the old one (10 seconds). */
const REFRESH_PAUSES_MS = [300, 700, 1500, 3000];
const REFRESH_MS = 4_000;

/**
 * What is kept of a session. With cookies the tokens are the browser's secret.
 * @typedef {{user_id: string, issued: string, expires_at: number, access_token?: string, refresh_token?: string}} Kept
 */

/** The session of this page, or of this program. */
export class Session {
  /** @type {Promise<void> | null} */
  #refreshing = null;
  /** What was read last, and what it says: it is asked for often. */
  #text = "null";
  /** @type {Kept | null} */
  #kept = null;

  /**
   * @param {object} options
   * @param {Parameters<typeof request>[0]} options.way
   * @param {import("./platform.js").KeyValues} options.storage
   * @param {boolean} options.cookies whether the browser keeps the tokens, out of reach of scripts
   * @param {() => void} options.onEnd called when the session is over
   */
  constructor({ way, storage, cookies, onEnd }) {
    this.way = way;
    this.storage = storage;
    this.cookies = cookies;
    this.onEnd = onEnd;
    this.key = `trunkline:${way.base}`;
  }

  /** The session as all tabs have it now. @returns {Kept | null} */
  get kept() {
    const text = this.storage.getItem(this.key) ?? "null";
    if (text === this.#text) return this.#kept;
    try {
      this.#kept = JSON.parse(text);
    } catch {
      this.#kept = null;
    }
    this.#text = text;
    return this.#kept;
  }

  /** Who is signed in; null when nobody is. */
  get userId() {
    return this.kept?.user_id ?? null;
  }

  /** @param {{email?: string, username?: string, password: string}} credentials */
  async signIn(credentials) {
    this.#keep(await request(this.way, "POST", "/auth/login", { body: credentials }));
  }

  /** Takes over the cookies of a page that has signed in without us; says whether there were good ones. */
  async adopt() {
    if (this.kept) return true;
    if (!this.cookies) return false;
    return exclusively(`${this.key}:refresh`, async () => {
      if (this.kept) return true;
      try {
        this.#keep(await request(this.way, "POST", "/auth/token/refresh"));
        return true;
      } catch (error) {
        if (/** @type {TrunklineError} */ (error).status === 401) return false;
        throw error;
      }
    });
  }

  /** Ends the session everywhere. What the server cannot be told, it finds out when the tokens run out. */
  async signOut() {
    try {
      await request(this.way, "POST", "/auth/logout", { headers: this.headers(await this.fresh()) });
    } finally {
      this.end();
    }
  }

  /** Forgets the session here. */
  end() {
    this.storage.removeItem(this.key);
    this.onEnd();
  }

  /** The session with an access token that lasts a while. @returns {Promise<Kept>} */
  async fresh() {
    const kept = this.#must();
    if (kept.expires_at - Date.now() < MARGIN_MS) await this.refresh(kept.issued);
    return this.#must();
  }

  /** The headers that sign a request. @param {Kept} kept @returns {Record<string, string>} */
  headers(kept) {
    return this.cookies ? {} : { authorization: `Bearer ${kept.access_token}` };
  }

  /**
   * New tokens for those that were issued then, unless another tab has fetched them already.
   * @param {string} issued
   */
  async refresh(issued) {
    const asked = Date.now();
    this.#refreshing ??= exclusively(`${this.key}:refresh`, async () => {
      // What the tab that was first has kept comes a moment after its lock.
      if (Date.now() - asked > 5) await sleep(50);
      await this.#refresh(issued);
    }).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /** @param {string} issued */
  async #refresh(issued) {
    const kept = this.#must();
    if (kept.issued !== issued) return;
    const way = { ...this.way, timeoutMs: Math.min(REFRESH_MS, this.way.timeoutMs) };
    for (const pause of [...REFRESH_PAUSES_MS, 0]) {
      try {
        const body = this.cookies ? undefined : { refresh_token: kept.refresh_token };
        const pair = await request(way, "POST", "/auth/token/refresh", { body });
        // Who signed out meanwhile stays signed out.
        if (this.kept?.issued === issued) this.#keep(pair);
        return;
      } catch (error) {
        const { status, isTemporary } = /** @type {TrunklineError} */ (error);
        if (status === 401 || status === 403) {
          if (this.kept?.issued === issued) this.end();
          throw error;
        }
        if (!isTemporary || !pause) throw error;
        await sleep(pause);
      }
    }
  }

  #must() {
    const { kept } = this;
    if (!kept) throw new TrunklineError("not_signed_in", "nobody is signed in", { status: 401 });
    return kept;
  }

  /** @param {{access_token: string, refresh_token: string, expires_in: number}} pair */
  #keep({ access_token, refresh_token, expires_in }) {
    const claims = JSON.parse(atob(access_token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
    const tokens = this.cookies ? {} : { access_token, refresh_token };
    const expires_at = Date.now() + expires_in * 1000;
    const kept = { user_id: claims.sub, issued: randomName(), expires_at, ...tokens };
    this.storage.setItem(this.key, JSON.stringify(kept));
  }
}
