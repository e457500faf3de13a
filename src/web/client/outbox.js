// What was written and is not acknowledged yet. Every tab writes to it, the leader sends: one after the other in each chat,
// each with a `client_id` of its own, so that what is sent again is the same message.

import { TrunklineError } from "./errors.js";
import { randomName } from "./platform.js";
import { Backoff, sleep } from "./waiting.js";

/**
 * How long an answer is waited for at first. It comes soon, or the connection is dead and nobody has told the browser: the same
 * message is then sent again by another one. Over a slow network it may take longer, so that it doubles.
 */
const ANSWER_MS = 10_000;
/** How long an attempt may last, when another connection shows that the server can be reached. */
const DEAD_MS = 2_000;

/** How far a message has got. @typedef {"queued" | "sending" | "sent" | "failed"} SendState */

/** @typedef {Omit<import("./drafts.js").Draft, "state"> & {state: SendState, message?: any}} Pending */

/** The outbox of one person, as one tab sees it. */
export class Outbox {
  /** @type {Map<string, Pending>} by client_id, in the order of the line */
  #pending = new Map();
  /** @type {Map<string, Promise<void>>} the chats that are being sent to */
  #sending = new Map();
  /** @type {AbortSignal | null} */
  #leading = null;
  #wake = new AbortController();
  /** What is on its way, and since when. @type {Map<AbortController, number>} */
  #attempts = new Map();
  /** What is settled, for those who read the drafts a moment before. @type {Set<string>} */
  #settled = new Set();
  /** What is read and written, one after the other. */
  #line = Promise.resolve();

  /**
   * @param {object} options
   * @param {import("./drafts.js").Drafts} options.drafts
   * @param {import("./http.js").Rest} options.rest
   * @param {(note: object) => void} options.tell says something to the other tabs
   * @param {(message: any) => boolean} options.isShown whether the log, as this tab has it, holds a message already
   * @param {(pending: Pending) => void} options.onChange
   */
  constructor(options) {
    this.options = options;
  }

  /** What stands in a chat and is no message of its log yet. @param {string} chatId */
  of(chatId) {
    for (const [client_id, { state, message }] of this.#pending) {
      // The chat was loaded with it: its entry does not come any more.
      if (state === "sent" && this.options.isShown(message)) this.#pending.delete(client_id);
    }
    const here = [...this.#pending.values()].filter(({ chat_id }) => chat_id === chatId);
    // What is sent stands in the log, before all that is not.
    const place = (/** @type {Pending} */ { state, place }) => (state === "sent" ? 0 : 1e9) + (place ?? 1e8);
    return here.sort((one, other) => place(one) - place(other));
  }

  /** Reads what an earlier tab has left, and what another one has written. */
  async load() {
    const known = await this.options.drafts.list();
    for (const draft of known) {
      if (this.#settled.has(draft.client_id)) continue;
      const pending = this.#pending.get(draft.client_id);
      // What the leader before us was sending is ours to send.
      const isOrphan = this.#leading && pending?.state === "sending" && !this.#sending.has(draft.chat_id);
      if (!pending || isOrphan || draft.state === "failed" || pending.state === "failed") this.#show({ ...draft });
    }
    if (this.#leading) this.#send();
  }

  /**
   * Takes a message. When this is done it is kept, and will be sent.
   * @param {string} chatId
   * @param {{content?: string, reply_to?: string, attachments?: string[]}} message
   * @returns {Promise<string>} its `client_id`
   */
  async add(chatId, { content, reply_to, attachments }) {
    if (!content && !attachments?.length) throw new TrunklineError("validation_failed", "there is nothing to send");
    const client_id = randomName();
    /** @type {import("./drafts.js").Draft} */
    const draft = { client_id, chat_id: chatId, created_at: new Date().toISOString(), state: "queued" };
    Object.assign(draft, content && { content }, reply_to && { reply_to }, attachments?.length && { attachments });
    this.#show({ ...draft });
    await this.#inLine(async () => {
      await this.options.drafts.add(draft);
      this.#show({ ...draft });
    });
    this.#written();
    return client_id;
  }

  /** Sends a failed message again, at the end of the line. @param {string} clientId */
  async retry(clientId) {
    const pending = this.#pending.get(clientId);
    if (pending?.state !== "failed") return;
    const { place, error, message, ...rest } = pending;
    await this.#inLine(async () => {
      if (place) await this.options.drafts.remove(place);
      /** @type {import("./drafts.js").Draft} */
      const draft = { ...rest, state: "queued" };
      await this.options.drafts.add(draft);
      this.#pending.delete(clientId);
      this.#show({ ...draft });
    });
    this.#written();
  }

  /** Gives up a message that failed or was not begun with. @param {string} clientId */
  async discard(clientId) {
    const pending = this.#pending.get(clientId);
    if (!pending?.place || pending.state === "sending" || pending.state === "sent") return false;
    await this.options.drafts.remove(pending.place);
    this.#settle(clientId);
    return true;
  }

  /** A message stands in the log: nothing waits for it any more. @param {any} message */
  arrived(message) {
    if (message.client_id && this.#pending.get(message.client_id)?.chat_id === message.chat_id) {
      const { place, state } = /** @type {Pending} */ (this.#pending.get(message.client_id));
      this.#forget(message.client_id);
      if (this.#leading && place && state !== "sent") this.options.drafts.remove(place).catch(() => {});
    }
  }

  /** Another tab says something of its outbox. @param {any} note */
  handle(note) {
    if (note.kind === "written") this.load();
    else if (note.kind === "settled") this.#forget(note.client_id);
    else if (note.kind === "pending") this.#show(note.pending);
  }

  /** This tab sends for all now, until `signal` is aborted. @param {AbortSignal} signal */
  lead(signal) {
    this.#leading = signal;
    signal.addEventListener("abort", () => {
      this.#leading = null;
      this.#wake.abort();
    });
    this.load();
  }

  /** The server can be reached again: who waits need not. */
  hurry() {
    this.#wake.abort();
    this.#wake = new AbortController();
    for (const [attempt, since] of this.#attempts) if (Date.now() - since > DEAD_MS) attempt.abort();
    if (this.#leading) this.#send();
  }

  #written() {
    this.options.tell({ kind: "written" });
    if (this.#leading) this.#send();
  }

  /** @param {() => Promise<void>} work */
  #inLine(work) {
    const done = this.#line.then(work);
    this.#line = done.catch(() => {});
    return done;
  }

  #send() {
    for (const { chat_id, state } of this.#pending.values()) {
      if (state !== "queued" || this.#sending.has(chat_id)) continue;
      const sending = this.#sendAll(chat_id).finally(() => {
        this.#sending.delete(chat_id);
        // What came between the last look and now.
        if (this.#leading && this.of(chat_id).some(({ state }) => state === "queued")) this.#send();
      });
      this.#sending.set(chat_id, sending);
      sending.catch(() => {});
    }
  }

  /** @param {string} chatId */
  async #sendAll(chatId) {
    const { drafts, rest } = this.options;
    const backoff = new Backoff();
    const signal = this.#leading;
    let patience = ANSWER_MS;
    while (signal && !signal.aborted) {
      await this.#line;
      const all = await drafts.list();
      const draft = all.find(({ chat_id, state }) => chat_id === chatId && state === "queued");
      if (!draft) {
        // What is shown as queued and is not kept was sent by an earlier leader, or discarded.
        for (const { client_id, state, place } of this.of(chatId)) {
          if (state === "queued" && place && !all.some((each) => each.client_id === client_id)) this.#forget(client_id);
        }
        return;
      }
      const { client_id, content, reply_to, attachments } = draft;
      const place = /** @type {number} */ (draft.place);
      const attempt = this.#attempt(signal, patience);
      try {
        this.#tell({ ...draft, state: "sending" });
        const body = { client_id, content, reply_to, attachments };
        const message = await rest.post(`/chats/${chatId}/messages`, body, attempt.signal);
        await drafts.remove(place);
        this.#tell({ ...draft, state: "sent", message });
        backoff.reset();
        patience = ANSWER_MS;
      } catch (error) {
        if (signal.aborted) return;
        const { isTemporary, status, code, message, errors, retryAfterMs } = /** @type {TrunklineError} */ (error);
        // Where nobody is signed in any more, `signal` says so soon.
        if (attempt.signal.aborted || isTemporary || status === 401) {
          this.#tell({ ...draft, state: "queued" });
          patience *= 2;
          // Who asks to wait is obeyed; else the next connection may come sooner.
          const wake = retryAfterMs ? signal : this.#wake.signal;
          await sleep(Math.max(backoff.next(), retryAfterMs ?? 0), wake);
        } else {
          /** @type {import("./drafts.js").Draft} */
          const failed = { ...draft, state: "failed", error: { code, message, errors } };
          await drafts.put(failed);
          this.#tell(failed);
        }
      } finally {
        attempt.end();
      }
    }
  }

  /** What ends one attempt: its time, the end of this leader, and a sign that its connection is dead. @param {AbortSignal} leading @param {number} patience */
  #attempt(leading, patience) {
    const attempt = new AbortController();
    const abort = () => attempt.abort();
    const timer = setTimeout(abort, patience);
    leading.addEventListener("abort", abort);
    this.#attempts.set(attempt, Date.now());
    const end = () => {
      clearTimeout(timer);
      leading.removeEventListener("abort", abort);
      this.#attempts.delete(attempt);
    };
    return { signal: attempt.signal, end };
  }

  /** Shows it here and in the other tabs. @param {Pending} pending */
  #tell(pending) {
    this.#show(pending);
    this.options.tell({ kind: "pending", pending });
  }

  /** @param {Pending} pending */
  #show(pending) {
    // The frame may come before the answer.
    if (pending.state === "sent" && this.options.isShown(pending.message)) return this.#forget(pending.client_id);
    this.#pending.set(pending.client_id, pending);
    this.options.onChange(pending);
  }

  /** Forgets it here and in the other tabs. @param {string} clientId */
  #settle(clientId) {
    this.#forget(clientId);
    this.options.tell({ kind: "settled", client_id: clientId });
  }

  /** @param {string} clientId */
  #forget(clientId) {
    this.#settled.add(clientId);
    if (this.#settled.size > 1000) this.#settled.delete(/** @type {string} */ (this.#settled.keys().next().value));
    const pending = this.#pending.get(clientId);
    if (this.#pending.delete(clientId) && pending) this.options.onChange(pending);
  }
}
