// The client: what a page or a program works with. It puts together who is signed in, the way to the server, the store and
// the outbox.

import { byActivity } from "./chat.js";
import { openDrafts } from "./drafts.js";
import { TrunklineError } from "./errors.js";
import { Rest, request } from "./http.js";
import { Link } from "./link.js";
import { Outbox } from "./outbox.js";
import { defaultStorage, hasTabs, listenToPage } from "./platform.js";
import { Session } from "./session.js";
import { Store } from "./store.js";
import { ReadMarks } from "./waiting.js";

/** How often others are told that somebody types. */
const TYPING_MS = 3_000;

/**
 * What is told by `on`:
 * - `change` `(chatId | null)`: what `chats`, `chat` or `presence` answer is different; null: more than one chat.
 * - `state` `(state)`: `online`, `connecting`, `waiting`, `refused` or `offline`.
 * - `frame` `(frame)`: each frame of the socket, those of later versions too.
 * - `signed_out` `()`: the session is over, here or in another tab.
 * @typedef {"change" | "state" | "frame" | "signed_out"} EventName
 */

/** A client of one server. */
export class Trunkline {
  /** @type {Map<EventName, Set<(value: any) => void>>} */
  #listeners = new Map();
  /** @type {Link | null} */
  #link = null;
  /** @type {Store | null} */
  #store = null;
  /** @type {Outbox | null} */
  #outbox = null;
  /** @type {AbortController | null} */
  #running = null;
  /** @type {Promise<void> | null} */
  #starting = null;
  /** @type {Set<string>} */
  #watched = new Set();
  /** @type {Map<string, number>} */
  #typed = new Map();
  /** @type {Set<string | null>} */
  #changed = new Set();
  #marks;

  /**
   * @param {object} options
   * @param {string} [options.url] where the server is; the page's own origin when left out
   * @param {boolean} [options.cookies] whether the browser keeps the tokens: so by default on a page of the server's own
   * origin. Else they lie in `storage`.
   * @param {import("./platform.js").KeyValues} [options.storage] `localStorage`, or memory where there is none
   * @param {boolean} [options.shared] whether all tabs share one socket and one outbox: so by default where they can
   * @param {IDBFactory} [options.indexedDB] where the outbox lies
   * @param {typeof WebSocket} [options.WebSocket] for a Node before version 22
   * @param {typeof fetch} [options.fetch]
   * @param {number} [options.timeoutMs] how long an answer may take: 30 seconds when left out
   * @param {number} [options.most] as many messages are held of an open chat: 400 when left out
   */
  constructor(options = {}) {
    const own = typeof location === "undefined" ? undefined : location.origin;
    const url = options.url ?? own;
    if (!url) throw new TypeError("url is missing: where is the server?");
    const base = new URL(url, own).href.replace(/\/+$/, "");
    const cookies = options.cookies ?? new URL(base).origin === own;
    const ask = options.fetch ?? ((input, init) => fetch(input, init));
    /** @type {RequestCredentials} */
    const credentials = cookies ? "include" : "omit";
    this.way = { base, fetch: ask, credentials, timeoutMs: options.timeoutMs ?? 30_000 };
    this.options = options;
    const storage = options.storage ?? defaultStorage();
    this.session = new Session({ way: this.way, storage, cookies, onEnd: () => this.#end() });
    /** The REST API: `get`, `post`, `put`, `patch`, `delete` with a path below `/api/v1`. */
    this.rest = new Rest(this.session);
    this.#marks = new ReadMarks(this.rest);
  }

  /** Who is signed in; null when nobody is. */
  get userId() {
    return this.session.userId;
  }

  /** How the way to the server is. */
  get state() {
    return this.#link?.state ?? "offline";
  }

  /** Whether this tab has the socket. */
  get isLeader() {
    return this.#link?.isLeader ?? false;
  }

  /** Whether the list of chats has come. */
  get isListed() {
    return !!this.#store?.isListed;
  }

  /** Whether everything that the server has told of is shown. */
  get isSettled() {
    return this.state === "online" && !!this.#store?.isSettled;
  }

  /**
   * Calls `listener` whenever this happens; answers what ends that.
   * @param {EventName} event
   * @param {(value: any) => void} listener
   */
  on(event, listener) {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** Makes an account. @param {{email: string, password: string, name: string, username?: string}} account */
  register(account) {
    return request(this.way, "POST", "/auth/register", { body: account });
  }

  /** Signs in. @param {{email?: string, username?: string, password: string}} credentials */
  async signIn(credentials) {
    this.close();
    await this.session.signIn(credentials);
  }

  /** Ends the session on every device's behalf of this one: its sockets close everywhere. */
  signOut() {
    return this.session.signOut();
  }

  /**
   * Goes online, and stays so until `close` or the end of the session. Answers when the list of chats is there.
   * @throws {TrunklineError} `not_signed_in`; a TypeError where there is no WebSocket
   */
  connect() {
    if (this.#starting) {
      this.#link?.hurry(true);
      return this.#starting;
    }
    const starting = this.#start().catch((error) => {
      if (this.#starting === starting) this.close();
      throw error;
    });
    return (this.#starting = starting);
  }

  /** Goes offline. What is in the outbox stays there. */
  close() {
    this.#running?.abort(new TrunklineError("closed", "the client was closed"));
    this.#link?.stop();
    this.#running = this.#link = this.#store = this.#outbox = this.#starting = this.rest.me = null;
    this.#watched.clear();
  }

  /** My chats, newest activity first, each as `GET /chats` lists it, with `typing`: the ids of who types. */
  get chats() {
    const all = [...(this.#store?.chats.values() ?? [])].filter(({ listed }) => listed);
    return all.map((chat) => this.#row(chat)).sort(byActivity);
  }

  /**
   * A chat: what `chats` says of it, and if it is open `members`, `messages` by seq, `hasOlder` and `hasNewer`. Where they
   * reach the end, those that are not sent yet come behind them (`state` `queued`, `sending`, `sent` or `failed`, with
   * `error`). Null for who is not in it.
   * @param {string} chatId
   */
  chat(chatId) {
    const chat = this.#store?.chats.get(chatId);
    if (!chat?.listed) return null;
    const pending = (this.#outbox?.of(chatId) ?? []).map(({ place, message, ...draft }) => ({
      ...message, ...draft, sender_id: this.userId,
    }));
    const { messages, from, to } = chat.window ?? { messages: [], from: 0, to: Infinity };
    const hasNewer = to < Infinity;
    return {
      ...this.#row(chat),
      members: chat.members && [...chat.members.values()],
      messages: hasNewer ? [...messages] : [...messages, ...pending],
      hasOlder: from > 0,
      hasNewer,
    };
  }

  /** A person, as far as they were seen: `{user_id, username, name, avatar_url}`. @param {string} userId */
  person(userId) {
    return this.#store?.people.get(userId) ?? null;
  }

  /** Whether somebody is online, for whom that was asked with `watch`. @param {string} userId */
  presence(userId) {
    return this.#store?.presences.get(userId) ?? null;
  }

  /**
   * Loads messages and members of a chat, and keeps them up to date.
   * @param {string} chatId @param {{around?: number}} [options] a place in its log (`seq`) that shall be among the messages
   */
  open(chatId, { around } = {}) {
    return this.#opened.open(chatId, around);
  }

  /** Lets go of them. @param {string} chatId */
  shut(chatId) {
    this.#store?.shut(chatId);
  }

  /** Loads older messages of an open chat; says whether there may be more. @param {string} chatId */
  older(chatId) {
    return this.#opened.older(chatId);
  }

  /** Loads newer messages of an open chat; says whether there may be more. @param {string} chatId */
  newer(chatId) {
    return this.#opened.newer(chatId);
  }

  /** Goes back to the end of an open chat. @param {string} chatId */
  present(chatId) {
    return this.#opened.present(chatId);
  }

  /**
   * Says where the reader looks: what is there is kept when something is let go.
   * @param {string} chatId @param {number | null} seq null: at the end
   */
  setViewport(chatId, seq) {
    this.#store?.setViewport(chatId, seq);
  }

  /**
   * Sends a message, now or when the server can be reached. When this is done it is kept and will be sent, once and after
   * what was sent before it, even if the tab is closed.
   * @param {string} chatId
   * @param {string | {content?: string, reply_to?: string, attachments?: string[]}} message
   * @returns {Promise<string>} its `client_id`
   */
  send(chatId, message) {
    if (!this.#outbox) throw new TrunklineError("closed", "connect first");
    return this.#outbox.add(chatId, typeof message === "string" ? { content: message } : message);
  }

  /** Sends a failed message again. @param {string} clientId */
  async retry(clientId) {
    await this.#outbox?.retry(clientId);
  }

  /** Gives up a message that is not sent; says whether it could. @param {string} clientId */
  async discard(clientId) {
    return (await this.#outbox?.discard(clientId)) ?? false;
  }

  /** @param {string} chatId @param {string} messageId @param {string} content */
  edit(chatId, messageId, content) {
    return this.rest.patch(`/chats/${chatId}/messages/${messageId}`, { content });
  }

  /** @param {string} chatId @param {string} messageId */
  recall(chatId, messageId) {
    return this.rest.delete(`/chats/${chatId}/messages/${messageId}`);
  }

  /** @param {string} chatId @param {string} messageId @param {string} emoji @param {boolean} [on] */
  react(chatId, messageId, emoji, on = true) {
    const path = `/chats/${chatId}/messages/${messageId}/reactions/${encodeURIComponent(emoji)}`;
    return on ? this.rest.put(path) : this.rest.delete(path);
  }

  /** I have read up to here. Told to the server when it can be reached. @param {string} chatId @param {number} seq */
  async read(chatId, seq) {
    if (seq <= (this.#marks.of(chatId) ?? this.#store?.chats.get(chatId)?.listed?.row.last_read_seq ?? 0)) return;
    this.#store?.handle({ type: "read", chat_id: chatId, user_id: this.userId, last_read_seq: seq });
    if (this.#running) await this.#marks.tell(chatId, seq, this.#running.signal);
  }

  /** I am typing. To be called with every key; it is told every few seconds. @param {string} chatId */
  typing(chatId) {
    if (Date.now() - (this.#typed.get(chatId) ?? 0) < TYPING_MS) return;
    this.#typed.set(chatId, Date.now());
    this.#link?.command("chat.typing", { chat_id: chatId }).catch(() => {});
  }

  /** Asks to be told who of these people is online. @param {string[]} userIds */
  watch(userIds) {
    for (const id of userIds) this.#watched.add(id);
    this.#askPresence(userIds);
  }

  /** Uploads a file, for `attachments`. @param {Blob} file @param {string} [name] */
  upload(file, name) {
    const form = new FormData();
    form.append("file", file, ...(name ? [name] : []));
    return this.rest.post("/uploads", form);
  }

  get #opened() {
    if (!this.#store) throw new TrunklineError("closed", "connect first");
    return this.#store;
  }

  async #start() {
    const socket = this.options.WebSocket ?? globalThis.WebSocket;
    if (!socket) throw new TypeError("there is no WebSocket: Node before version 22 wants --experimental-websocket");
    if (!(await this.session.adopt())) throw new TrunklineError("not_signed_in", "nobody is signed in", { status: 401 });
    const me = /** @type {string} */ (this.userId);
    this.rest.me = me;
    const name = `${this.session.key}:${me}`;
    const running = (this.#running = new AbortController());
    const { signal } = running;
    const drafts = await openDrafts(name, this.options.indexedDB ?? globalThis.indexedDB);
    signal.throwIfAborted();
    const outbox = (this.#outbox = new Outbox({
      drafts,
      rest: this.rest,
      tell: (note) => link.tell(note),
      isShown: (message) => store.holds(message),
      onChange: ({ chat_id }) => this.#change(chat_id),
    }));
    const store = (this.#store = new Store({
      rest: this.rest,
      me,
      signal,
      most: this.options.most,
      onChange: (chatId) => this.#change(chatId),
      onMessage: (message) => message.sender_id === me && outbox.arrived(message),
    }));
    const link = (this.#link = new Link({
      rest: this.rest,
      name,
      shared: this.options.shared ?? (hasTabs() && this.options.storage === undefined),
      WebSocket: socket,
      onNote: (note) => outbox.handle(note),
      onLead: (leading) => drafts.isShared && outbox.lead(leading),
      onState: (state) => this.#emit("state", state),
      onFrame: (frame) => {
        store.handle(frame);
        if (frame.type === "welcome") this.#welcomed();
        this.#emit("frame", frame);
      },
    }));
    await outbox.load();
    signal.throwIfAborted();
    listenToPage({
      hurry: () => this.#link?.hurry(),
      // Another tab has signed out, or somebody else in.
      stored: (key) => key === this.session.key && this.userId !== this.#store?.options.me && this.#end(),
    }, signal);
    link.start();
    // What no other tab can read, no other tab can send.
    if (!drafts.isShared) outbox.lead(signal);
    await new Promise((resolve, reject) => {
      const look = () => store.isListed && resolve(undefined);
      const off = this.on("change", look);
      signal.addEventListener("abort", () => (off(), reject(signal.reason)));
      look();
    });
  }

  #welcomed() {
    this.#outbox?.hurry();
    if (this.#watched.size) this.#askPresence([...this.#watched]);
  }

  /** @param {string[]} userIds */
  #askPresence(userIds) {
    for (let at = 0; at < userIds.length; at += 500) {
      const user_ids = userIds.slice(at, at + 500);
      this.#link?.command("presence.subscribe", { user_ids }).catch(() => {});
    }
  }

  #end() {
    if (!this.#running) return;
    this.close();
    this.#emit("signed_out", undefined);
  }

  /** @param {import("./chat.js").Chat} chat */
  #row(chat) {
    return { .../** @type {any} */ (chat.listed).row, typing: [...chat.typing.keys()] };
  }

  /** Tells of changes, once for all of a moment. @param {string | null} chatId */
  #change(chatId) {
    this.#changed.add(chatId);
    if (this.#changed.size > 1) return;
    queueMicrotask(() => {
      const [only] = this.#changed;
      const value = this.#changed.size === 1 ? only : null;
      this.#changed.clear();
      this.#emit("change", value);
    });
  }

  /** @param {EventName} event @param {any} value */
  #emit(event, value) {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(value);
  }
}
