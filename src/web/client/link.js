// The way to the server: one socket for all tabs. The tab that holds the lock is the leader and has the socket; it passes on
// every frame, and asks for what the others want. When it goes, the lock passes to another tab, which connects anew.

import { TrunklineError } from "./errors.js";
import { exclusively, randomName } from "./platform.js";
import { Socket } from "./socket.js";
import { Backoff, sleep } from "./waiting.js";

/** A socket that lasted so long was a good one: what ends it is no reason to wait. */
const GOOD_MS = 10_000;
/** How long the server asks those to stay away who ask for too much. */
const TOO_MANY_MS = 10_000;
/** How long a tab waits for what it asked the leader for. */
const ANSWER_MS = 12_000;
/** The longest pause there is. */
const FOR_EVER_MS = 2 ** 31 - 1;

/** `online`: frames come. `connecting`, `waiting`: they will. `refused`: not before `connect` is called again. */
/** @typedef {"offline" | "connecting" | "online" | "waiting" | "refused"} LinkState */

/**
 * What to do after a socket has ended, by its close code.
 * @param {import("./socket.js").End} end
 * @param {boolean} wasGood whether it lasted
 * @param {Backoff} backoff
 * @returns {{pauseMs: number, mayHurry?: boolean, refresh?: boolean, stop?: boolean}}
 */
export function afterEnd({ code, reason }, wasGood, backoff) {
  if (wasGood) backoff.reset();
  const soon = () => (wasGood ? 0 : backoff.next());
  switch (code) {
    case 1001: {
      const asked = /"retry_after_ms"\s*:\s*(\d+)/.exec(reason);
      return { pauseMs: asked ? Number(asked[1]) : backoff.next() };
    }
    case 4401:
      return { pauseMs: soon(), refresh: true };
    case 4403:
    case 4404:
      return { pauseMs: FOR_EVER_MS, stop: true };
    case 4408:
    case 4413:
      return { pauseMs: soon() };
    case 4429:
      return { pauseMs: TOO_MANY_MS + backoff.next() };
    default:
      return { pauseMs: backoff.next(), mayHurry: true };
  }
}

/** The way to the server, shared with the other tabs where there are any. */
export class Link {
  /** @type {Socket | null} */
  #socket = null;
  /** @type {Map<string, {chat_id: string, last_seq: number, last_id: string | null}> | null} what a new tab is welcomed with */
  #heads = null;
  /** @type {BroadcastChannel | null} */
  #channel = null;
  #tab = randomName();
  #questions = 0;
  /** @type {Map<number, {resolve: (data: any) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();
  #stop = new AbortController();
  #pause = new AbortController();
  #mayHurry = true;
  /** @type {LinkState} */
  state = "offline";
  isLeader = false;

  /**
   * @param {object} options
   * @param {import("./http.js").Rest} options.rest
   * @param {string} options.name names the lock and the channel
   * @param {boolean} options.shared whether there may be other tabs
   * @param {typeof WebSocket} options.WebSocket
   * @param {(frame: any) => void} options.onFrame every frame, and a `welcome` whenever something may have been missed
   * @param {(note: any) => void} options.onNote what other tabs say with `tell`
   * @param {(state: LinkState) => void} options.onState
   * @param {(signal: AbortSignal) => void} options.onLead this tab is the leader now
   */
  constructor(options) {
    this.options = options;
  }

  /** Begins. Returns at once. */
  start() {
    const { name, shared } = this.options;
    const { signal } = this.#stop;
    if (shared) {
      this.#channel = new BroadcastChannel(name);
      this.#channel.onmessage = ({ data }) => this.#read(data);
      this.#post({ kind: "hello", tab: this.#tab });
    }
    const lock = shared ? `${name}:leader` : `${name}:${this.#tab}`;
    exclusively(lock, () => this.#lead(signal), signal).catch(() => {});
  }

  /** Ends the socket and gives up the lead. */
  stop() {
    this.#stop.abort();
    this.#pause.abort();
    this.#socket?.close();
    this.#channel?.close();
    this.#channel = null;
  }

  /** The network is back, the page is seen again, or somebody does not want to wait. @param {boolean} [force] */
  hurry(force = false) {
    if (!this.isLeader) this.#post({ kind: force ? "hurry" : "hello", tab: this.#tab });
    this.#socket?.probe();
    if (this.#mayHurry || force) this.#pause.abort();
  }

  /** Asks over the socket, whichever tab has it. @param {string} type @param {object} fields @returns {Promise<any>} */
  async command(type, fields) {
    if (this.#socket) return this.#socket.command(type, fields);
    const lost = () => new TrunklineError("unreachable", "there is no connection");
    if (!this.#channel || this.isLeader) throw lost();
    const question = ++this.#questions;
    const timer = setTimeout(() => this.#answer(question, null, lost()), ANSWER_MS);
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(question, { resolve, reject });
        this.#post({ kind: "command", tab: this.#tab, question, type, fields });
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Says something to the other tabs. @param {object} note */
  tell(note) {
    this.#post({ kind: "note", note });
  }

  /** @param {AbortSignal} signal */
  async #lead(signal) {
    const { session } = this.options.rest;
    const backoff = new Backoff();
    let isDoubtful = false;
    this.isLeader = true;
    this.options.onLead(signal);
    while (!signal.aborted) {
      /** @type {ReturnType<typeof afterEnd>} */
      let next;
      try {
        this.#become("connecting");
        // Not every client can read why it was not let in: an ordinary request says so, and refreshes the token.
        if (isDoubtful) await this.options.rest.get("/users/me", {}, signal);
        const kept = await session.fresh();
        if (signal.aborted) return;
        const began = Date.now();
        const end = await this.#connect(kept);
        isDoubtful = !end.welcomed;
        next = afterEnd(end, end.welcomed && Date.now() - began > GOOD_MS, backoff);
        if (next.refresh && !signal.aborted) await session.refresh(kept.issued);
      } catch (error) {
        const { status, retryAfterMs } = /** @type {TrunklineError} */ (error);
        if (signal.aborted || status === 401) break;
        next = { pauseMs: Math.max(backoff.next(), retryAfterMs ?? 0), mayHurry: !retryAfterMs };
      }
      if (signal.aborted) break;
      this.#mayHurry = !!next.mayHurry;
      this.#pause = new AbortController();
      this.#become(next.stop ? "refused" : "waiting");
      await sleep(next.pauseMs, this.#pause.signal);
    }
    this.isLeader = false;
    this.#become("offline");
  }

  /** @param {import("./session.js").Kept} kept @returns {Promise<import("./socket.js").End>} */
  #connect(kept) {
    const { session } = this.options.rest;
    const url = `${session.way.base.replace(/^http/, "ws")}/api/v1/ws?subscribe=all`;
    const protocols = ["trunkline.v1", ...(session.cookies ? [] : [`bearer.${kept.access_token}`])];
    return new Promise((resolve) => {
      const ended = (/** @type {import("./socket.js").End} */ end) => {
        this.#socket = this.#heads = null;
        resolve(end);
      };
      this.#socket = new Socket(new this.options.WebSocket(url, protocols), (frame) => this.#handle(frame), ended);
    });
  }

  /** A frame from the socket. @param {any} frame */
  #handle(frame) {
    const { type, chat_id, seq, id } = frame;
    if (type === "welcome") {
      this.#heads = new Map(frame.chats.map((/** @type {any} */ head) => [head.chat_id, head]));
      this.#become("online");
    } else if (type === "chat_added") {
      this.#heads?.set(frame.chat.id, { chat_id: frame.chat.id, last_seq: frame.chat.last_seq, last_id: null });
    } else if (type === "chat_removed" || type === "chat_deleted") {
      this.#heads?.delete(chat_id);
    } else if (seq !== undefined && this.#heads?.has(chat_id)) {
      this.#heads.set(chat_id, { chat_id, last_seq: seq, last_id: id });
    }
    this.#post({ kind: "frame", frame });
    this.options.onFrame(frame);
  }

  /** Another tab says something. @param {any} said */
  #read(said) {
    switch (said.kind) {
      case "note":
        return this.options.onNote(said.note);
      case "hello":
        if (!this.isLeader) return;
        this.#post({ kind: "state", state: this.state });
        if (this.#heads) {
          const frame = { type: "welcome", user_id: this.options.rest.session.userId, chats: [...this.#heads.values()] };
          this.#post({ kind: "frame", to: said.tab, frame });
        }
        return;
      case "hurry":
        return this.isLeader ? this.hurry(true) : undefined;
      case "state":
        if (!this.isLeader) this.#become(said.state);
        return;
      case "frame":
        if (said.to && said.to !== this.#tab) return;
        return this.options.onFrame(said.frame);
      case "command":
        if (!this.isLeader) return;
        this.command(said.type, said.fields).then(
          (data) => this.#post({ kind: "answer", tab: said.tab, question: said.question, data }),
          ({ code, message, status }) =>
            this.#post({ kind: "answer", tab: said.tab, question: said.question, error: { code, message, status } }),
        );
        return;
      case "answer":
        if (said.tab !== this.#tab) return;
        const { error } = said;
        return this.#answer(said.question, said.data, error && new TrunklineError(error.code, error.message, error));
    }
  }

  /** @param {number} question @param {any} data @param {Error} [error] */
  #answer(question, data, error) {
    const waiting = this.#waiting.get(question);
    this.#waiting.delete(question);
    if (error) waiting?.reject(error);
    else waiting?.resolve(data);
  }

  /** @param {LinkState} state */
  #become(state) {
    if (this.isLeader || state === "offline") this.#post({ kind: "state", state });
    if (state === this.state) return;
    this.state = state;
    this.options.onState(state);
  }

  /** @param {object} said */
  #post(said) {
    this.#channel?.postMessage(said);
  }
}
