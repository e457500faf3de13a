// One WebSocket: commands and their answers, and whether anybody is still at the other end.

import { TrunklineError } from "./errors.js";

/** How long the server may take for its first frame. */
const WELCOME_MS = 10_000;
/** How long it may take to answer. */
const ANSWER_MS = 10_000;
/** How long after a sleep it may take to answer a ping: a connection that is alive answers at once. */
const AWAKE_MS = 4_000;
/** How often the clock is looked at. */
const TICK_MS = 2_000;
/** A clock that went on by so much more than it should: the machine slept. */
const SLEPT_MS = 10_000;

/** How a socket ended. @typedef {{code: number, reason: string, welcomed: boolean}} End */

/** One socket, from its beginning to its end. A page is told nothing of the protocol's own pings, so it sends its own. */
export class Socket {
  #ws;
  #refs = 0;
  /** @type {Map<number, {resolve: (data: any) => void, reject: (error: Error) => void, timer: any}>} */
  #waiting = new Map();
  #heard = Date.now();
  #ticked = Date.now();
  #heartbeatMs = 15_000;
  #welcomed = false;
  #isOver = false;
  #timer;
  /** @type {any} */
  #probe;

  /**
   * @param {WebSocket} ws
   * @param {(frame: any) => void} onFrame
   * @param {(end: End) => void} onEnd called once
   */
  constructor(ws, onFrame, onEnd) {
    this.#ws = ws;
    this.onFrame = onFrame;
    this.onEnd = onEnd;
    ws.onmessage = ({ data }) => this.#handle(data);
    ws.onclose = ({ code, reason }) => this.#end(code, reason);
    ws.onerror = () => {};
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#probe = setTimeout(() => this.#end(1006, "no welcome"), WELCOME_MS);
  }

  /**
   * Asks for something; answers what the `ack` holds.
   * @param {string} type
   * @param {object} [fields]
   * @returns {Promise<any>}
   */
  command(type, fields) {
    const ref = ++this.#refs;
    return new Promise((resolve, reject) => {
      const lost = () => reject(new TrunklineError("unreachable", "the socket is closed"));
      if (this.#isOver || this.#ws.readyState !== 1) return lost();
      const timer = setTimeout(() => {
        this.#waiting.delete(ref);
        reject(new TrunklineError("unreachable", "no answer came"));
      }, ANSWER_MS);
      this.#waiting.set(ref, { resolve, reject, timer });
      this.#ws.send(JSON.stringify({ ...fields, type, ref }));
    });
  }

  /** Asks whether anybody is there, and ends the socket if nothing is heard in time. @param {number} [withinMs] */
  probe(withinMs = AWAKE_MS) {
    if (this.#probe || this.#isOver) return;
    this.command("ping").catch(() => {});
    this.#probe = setTimeout(() => this.#end(1006, "no answer to a ping"), withinMs);
  }

  /** Ends it, without waiting for the other side. */
  close() {
    this.#end(1000, "");
  }

  /** @param {string} text */
  #handle(text) {
    if (this.#isOver) return;
    this.#heard = Date.now();
    const frame = JSON.parse(text);
    if (frame.type === "welcome") {
      this.#welcomed = true;
      this.#heartbeatMs = frame.heartbeat_seconds * 1000;
    }
    if (this.#welcomed) {
      clearTimeout(this.#probe);
      this.#probe = undefined;
    }
    if (frame.type !== "ack" && frame.type !== "error" && frame.type !== "pong") return this.onFrame(frame);
    const waiting = this.#waiting.get(frame.ref);
    if (!waiting) return;
    this.#waiting.delete(frame.ref);
    clearTimeout(waiting.timer);
    if (frame.type !== "error") return waiting.resolve(frame.data);
    waiting.reject(new TrunklineError(frame.code, frame.message, { status: 400, errors: frame.data?.errors }));
  }

  #tick() {
    const now = Date.now();
    const slept = Math.abs(now - this.#ticked) > TICK_MS + SLEPT_MS;
    this.#ticked = now;
    if (slept) {
      this.#heard = now;
      this.probe(AWAKE_MS);
    } else if (now - this.#heard > this.#heartbeatMs) {
      this.probe(ANSWER_MS);
    }
  }

  /** @param {number} code @param {string} reason */
  #end(code, reason) {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#timer);
    clearTimeout(this.#probe);
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new TrunklineError("unreachable", "the socket is closed"));
    }
    // A browser tells of the end of a dead connection only after minutes: it is over for us now.
    this.#ws.onmessage = this.#ws.onclose = null;
    try {
      this.#ws.close();
    } catch {
      // It was not open yet.
    }
    this.onEnd({ code, reason, welcomed: this.#welcomed });
  }
}
