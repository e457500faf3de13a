// The store against a server that has only what it is given: holes, another log, and answers that are older than frames.

import assert from "node:assert/strict";
import { test } from "node:test";

import { TrunklineError } from "../../src/web/client/errors.js";
import { Store } from "../../src/web/client/store.js";

const CHAT = "c";
const ME = "me";

/** A chat of a server. */
class Server {
  log = [];
  /** What is asked for waits here while it is held up. */
  held = null;
  asked = [];

  says(content, generation = "") {
    const seq = this.log.length + 1;
    const id = `e${seq}${generation}`;
    const message = {
      id, chat_id: CHAT, seq, sender_id: "ann", kind: "text", content, attachments: [], mentions: [], reactions: [],
      recalled_at: null, created_at: `t${seq}`, client_id: null,
    };
    this.log.push({ type: "new_message", chat_id: CHAT, seq, id, actor_id: "ann", created_at: `t${seq}`, message });
    return this.log.at(-1);
  }

  get head() {
    return { chat_id: CHAT, last_seq: this.log.length, last_id: this.log.at(-1)?.id ?? null };
  }

  async get(path, query) {
    this.asked.push([path, query]);
    const answer = this.answer(path, query);
    if (this.held) await this.held;
    return answer;
  }

  async all(path, query) {
    return (await this.get(path, query)).items;
  }

  answer(path, query) {
    if (path === "/chats") {
      const last_message = this.log.at(-1)?.message ?? null;
      const unread_count = this.log.length;
      const row = { id: CHAT, last_seq: this.log.length, last_read_seq: 0, unread_count, mention_count: 0, member_count: 2 };
      return { items: [{ ...row, last_message, created_at: "t0" }] };
    }
    if (path.endsWith("/members")) return { items: [{ user_id: "ann", name: "Ann", last_read_seq: 0, role: "creator" }] };
    if (path.endsWith("/messages")) return { items: this.log.map(({ message }) => message).reverse().slice(0, query.limit) };
    if (path === "/users") return { items: [] };
    if (path.endsWith("/log")) {
      const { after_seq, after_id } = query;
      if (after_id && this.log[after_seq - 1]?.id !== after_id) {
        throw new TrunklineError("log_changed", "another log", { status: 409 });
      }
      return { items: this.log.slice(after_seq, after_seq + query.limit) };
    }
    throw new Error(path);
  }
}

async function scene(...contents) {
  const server = new Server();
  for (const content of contents) server.says(content);
  const stop = new AbortController();
  const arrived = [];
  const options = { rest: server, me: ME, signal: stop.signal, onChange: () => {}, onMessage: ({ seq }) => arrived.push(seq) };
  const store = new Store(options);
  store.handle({ type: "welcome", chats: [server.head] });
  await store.open(CHAT);
  const shown = () => store.chats.get(CHAT).window.messages.map(({ content }) => content);
  const unread = () => store.chats.get(CHAT).listed.row.unread_count;
  return { server, store, stop, shown, unread, arrived };
}

async function settles(store) {
  for (let n = 0; n < 400; n += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (store.isSettled) return;
  }
  throw new Error("it does not settle");
}

test("a hole between frames is read from the log, and nothing is applied twice", async () => {
  const { server, store, shown, unread, arrived } = await scene("one");
  const [two, three, four] = ["two", "three", "four"].map((content) => server.says(content));
  store.handle(four);
  store.handle(two);
  store.handle(three);
  store.handle(two);
  store.handle(four);
  await settles(store);
  assert.deepEqual(shown(), ["one", "two", "three", "four"]);
  assert.deepEqual(arrived, [2, 3, 4]);
  assert.equal(unread(), 4);
  assert.deepEqual(server.asked.filter(([path]) => path.endsWith("/log"))[0][1], { after_seq: 1, after_id: "e1", limit: 100 });
});

test("a welcome that tells of more than is shown is caught up with", async () => {
  const { server, store, shown } = await scene("one");
  for (let n = 0; n < 250; n += 1) server.says(`later ${n}`);
  store.handle({ type: "welcome", chats: [server.head] });
  await settles(store);
  assert.equal(shown().length, 251);
});

test("where another entry stands, the chat is loaded anew", async () => {
  const { server, store, shown, unread } = await scene("one", "two", "three");
  // A backup was restored, and the log went on in another way: as long as before, so that only the id tells.
  server.log.length = 2;
  server.says("another", "x");
  store.handle({ type: "welcome", chats: [server.head] });
  await settles(store);
  assert.deepEqual(shown(), ["one", "two", "another"]);
  store.handle(server.says("on", "x"));
  await settles(store);
  assert.deepEqual(shown(), ["one", "two", "another", "on"]);
  assert.equal(unread(), 4);
});

test("a reset loads the chat anew, and what was asked for before it is of no use", async () => {
  const { server, store, shown } = await scene("one", "two", "three");
  let goOn;
  server.held = new Promise((resolve) => (goOn = resolve));
  // A list that was read before, and comes after.
  store.handle({ type: "chat_added", chat: { id: CHAT } });
  server.log.length = 1;
  store.handle({ type: "reset", chat_id: CHAT, oldest_seq: 1, last_seq: 1 });
  store.handle({ type: "caught_up", chat_id: CHAT, seq: 1, id: "e1" });
  server.held = null;
  goOn();
  await settles(store);
  assert.deepEqual(shown(), ["one"]);
  store.handle(server.says("another", "x"));
  assert.deepEqual(shown(), ["one", "another"]);
});

test("an answer that is older than the frames that came meanwhile undoes nothing", async () => {
  const { server, store, shown, unread } = await scene("one");
  let goOn;
  server.held = new Promise((resolve) => (goOn = resolve));
  store.shut(CHAT);
  const opening = store.open(CHAT);
  const listing = store.handle({ type: "chat_added", chat: { id: CHAT } });
  await new Promise((resolve) => setTimeout(resolve, 10));
  store.handle(server.says("two"));
  store.handle({ type: "message_edited", chat_id: CHAT, seq: 3, id: "e3", message: { ...server.log[1].message, content: "2" } });
  server.log.push({ type: "message_edited", chat_id: CHAT, seq: 3, id: "e3", message: server.log[1].message });
  server.held = null;
  goOn();
  await Promise.all([opening, listing]);
  await settles(store);
  assert.deepEqual(shown(), ["one", "2"]);
  assert.equal(unread(), 2);
});

test("frames of later versions and of chats that are gone pass by", async () => {
  const { server, store, shown } = await scene("one");
  for (const frame of [{ type: "scheduled_failed", id: "s" }, { type: "scheduled_failed", chat_id: CHAT }, { type: "x", seq: 3 }]) {
    store.handle(frame);
  }
  store.handle({ type: "chat_removed", chat_id: CHAT });
  store.handle(server.says("two"));
  assert.equal(store.chats.size, 0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(store.chats.size, 0);
  assert.throws(shown);
});
