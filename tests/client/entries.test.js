// The parts of the client library that need no server.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Trunkline } from "../../src/web/client/trunkline.js";
import { Chat } from "../../src/web/client/chat.js";
import { memoryDrafts } from "../../src/web/client/drafts.js";
import { applyToListed, applyToMessages } from "../../src/web/client/entries.js";
import { afterEnd } from "../../src/web/client/link.js";
import { Outbox } from "../../src/web/client/outbox.js";
import { TrunklineError } from "../../src/web/client/errors.js";
import { Backoff } from "../../src/web/client/waiting.js";

const ME = "me";
const message = (seq, more = {}) => ({
  id: `m${seq}`, chat_id: "c", seq, sender_id: "ann", kind: "text", content: `n ${seq}`, attachments: [], mentions: [],
  reactions: [], recalled_at: null, created_at: `t${seq}`, ...more,
});
const said = (seq, more) => ({ type: "new_message", chat_id: "c", seq, id: `m${seq}`, actor_id: "ann", message: message(seq, more) });
const listed = (more = {}) => ({
  at: 0, counted: new Map(),
  row: { id: "c", last_seq: 0, last_read_seq: 0, unread_count: 0, mention_count: 0, member_count: 2, last_message: null, ...more },
});

test("where there is no WebSocket it is said at once", async () => {
  const { WebSocket } = globalThis;
  delete globalThis.WebSocket;
  try {
    const client = new Trunkline({ url: "http://127.0.0.1:1" });
    await assert.rejects(client.connect(), (error) => error instanceof TypeError && /--experimental-websocket/.test(error.message));
    // One that is given will do: what is missing then is somebody who signed in.
    const given = new Trunkline({ url: "http://127.0.0.1:1", WebSocket: class {} });
    await assert.rejects(given.connect(), { code: "not_signed_in" });
  } finally {
    if (WebSocket) globalThis.WebSocket = WebSocket;
  }
});

test("each close code is answered as the manual says", () => {
  const next = (code, reason = "", wasGood = true) => afterEnd({ code, reason, welcomed: true }, wasGood, new Backoff(500));
  assert.equal(next(1001, '{"retry_after_ms":1234}').pauseMs, 1234);
  assert.deepEqual(next(4401), { pauseMs: 0, refresh: true });
  assert.ok(next(4403).stop && next(4404).stop);
  assert.equal(next(4408).pauseMs, 0);
  assert.equal(next(4413).pauseMs, 0);
  assert.ok(next(4429).pauseMs >= 10_000);
  for (const code of [1002, 1006, 1007, 1009, 4999]) assert.ok(next(code).pauseMs >= 250, code);
  // Who is sent away again and again does not come back at once.
  for (const code of [4401, 4408, 4413]) assert.ok(next(code, "", false).pauseMs >= 250, code);
});

test("pauses grow, differ, and end at the longest", () => {
  const backoff = new Backoff(500, 30_000);
  const pauses = Array.from({ length: 20 }, () => backoff.next());
  assert.ok(pauses[0] >= 250 && pauses[0] <= 500);
  assert.ok(pauses.slice(8).every((pause) => pause >= 15_000 && pause <= 30_000));
  assert.ok(new Set(pauses).size > 10);
  backoff.reset();
  assert.ok(backoff.next() <= 500);
});

test("entries that a page holds already change nothing, and the order of reactions is that of the server", () => {
  const react = (seq, type, actor_id, emoji) => ({ type, chat_id: "c", seq, id: `e${seq}`, actor_id, emoji, message_id: "m1" });
  const entries = [
    said(1),
    react(2, "reaction_added", "ann", "👍"),
    react(3, "reaction_added", "ben", "👍"),
    react(4, "reaction_removed", "ann", "👍"),
    react(5, "reaction_added", "ann", "👍"),
    react(6, "reaction_added", "ann", "⚓"),
  ];
  const should = [{ emoji: "👍", count: 2, user_ids: ["ben", "ann"] }, { emoji: "⚓", count: 1, user_ids: ["ann"] }];
  for (let held = 1; held <= entries.length; held += 1) {
    const window = { messages: [], from: 0 };
    for (const entry of entries.slice(0, held)) applyToMessages(window, entry);
    for (const entry of entries) applyToMessages(window, entry);
    assert.deepEqual(window.messages[0].reactions, should, held);
  }
});

test("what is told as recalled already gets no reactions from before that", () => {
  const window = { messages: [], from: 0 };
  applyToMessages(window, said(1, { recalled_at: "t3", content: null }));
  applyToMessages(window, { type: "reaction_added", seq: 2, actor_id: "ben", emoji: "👍", message_id: "m1" });
  applyToMessages(window, { type: "messages_cleared", seq: 3, up_to_seq: 2, created_at: "t3" });
  assert.deepEqual(window.messages[0].reactions, []);
});

test("a message of a hundred reactions, or one whose first one goes, is fetched", () => {
  const many = Array.from({ length: 100 }, (_, n) => `u${n}`);
  const window = { messages: [message(1, { reactions: [{ emoji: "👍", count: 140, user_ids: many }] })], from: 0 };
  const entry = { type: "reaction_added", seq: 2, actor_id: "late", emoji: "👍", message_id: "m1" };
  assert.equal(applyToMessages(window, entry), "m1");
});

test("unread and mentions follow what is said, edited, recalled and cleared", () => {
  const chat = listed();
  const is = (unread, mentions) => assert.deepEqual([chat.row.unread_count, chat.row.mention_count], [unread, mentions]);
  assert.ok(applyToListed(chat, said(1), ME));
  assert.ok(applyToListed(chat, said(2, { mentions: [ME] }), ME));
  assert.ok(applyToListed(chat, said(3, { sender_id: ME }), ME));
  assert.ok(applyToListed(chat, said(4, { kind: "system", sender_id: null }), ME));
  is(2, 1);
  const edit = (seq, of, more) => ({ type: "message_edited", seq, message: message(of, more) });
  assert.ok(applyToListed(chat, edit(5, 1, { mentions: [ME] }), ME));
  is(2, 2);
  assert.ok(applyToListed(chat, { type: "message_recalled", seq: 6, message: message(2, { recalled_at: "t6", content: null }) }, ME));
  is(1, 1);
  // Told as it is now: recalled before it was heard of.
  assert.ok(applyToListed(chat, said(7, { recalled_at: "t8", content: null }), ME));
  assert.ok(applyToListed(chat, { type: "message_recalled", seq: 8, message: message(7, { recalled_at: "t8" }) }, ME));
  is(1, 1);
  applyToListed(chat, { type: "messages_cleared", seq: 9, up_to_seq: 8, created_at: "t9" }, ME);
  is(0, 0);
});

test("what somebody said is gone when they clear it, and what is not known of an entry is fetched", () => {
  const chat = new Chat("c", ME);
  chat.seq = 0;
  chat.listed = listed();
  chat.window = { messages: [], from: 0 };
  for (const entry of [said(1), said(2, { sender_id: "ben" }), said(3)]) chat.apply(entry);
  chat.apply({ type: "sender_cleared", seq: 4, id: "e4", user_id: "ann", up_to_seq: 3, created_at: "t4" });
  assert.deepEqual(chat.window.messages.map(({ content }) => content), [null, "n 2", null]);
  assert.ok(chat.missing.has("list") && chat.missing.has("messages"));
  // An entry of a later version takes its number and does no harm.
  chat.apply({ type: "poll_opened", seq: 5, id: "e5" });
  assert.equal(chat.seq, 5);
});

/** An outbox whose server does as it is told. */
function outbox(drafts, answers) {
  const sent = [];
  const box = new Outbox({
    drafts,
    rest: {
      async post(path, body) {
        const answer = answers.shift() ?? "ok";
        sent.push(body.content);
        if (answer instanceof Error) throw answer;
        if (answer === "hangs") await new Promise(() => {});
        return { ...message(sent.length), chat_id: path.split("/")[2], client_id: body.client_id };
      },
    },
    tell: () => {},
    isShown: () => false,
    onChange: () => {},
  });
  return { box, sent };
}

const settled = async (box) => {
  for (let n = 0; n < 400 && box.of("c").some(({ state }) => state === "queued" || state === "sending"); n += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

test("who takes over the outbox sends what was not acknowledged again, under the same name, before the rest", async () => {
  const drafts = memoryDrafts();
  const first = outbox(drafts, ["ok", "hangs"]);
  const leading = new AbortController();
  first.box.lead(leading.signal);
  for (const content of ["one", "two", "three"]) await first.box.add("c", { content });
  while (first.sent.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  leading.abort();
  const before = await drafts.list();
  assert.deepEqual(before.map(({ content }) => content), ["two", "three"]);
  const second = outbox(drafts, []);
  await second.box.load();
  second.box.lead(new AbortController().signal);
  await settled(second.box);
  assert.deepEqual(second.sent, ["two", "three"]);
  assert.deepEqual(second.box.of("c").map(({ client_id }) => client_id), before.map(({ client_id }) => client_id));
  assert.deepEqual(await drafts.list(), []);
});

test("what another tab was sending when it was closed is sent by the one that leads then", async () => {
  const drafts = memoryDrafts();
  const closing = outbox(drafts, ["hangs"]);
  const staying = outbox(drafts, []);
  closing.box.options.tell = (note) => staying.box.handle(structuredClone(note));
  const leading = new AbortController();
  closing.box.lead(leading.signal);
  await closing.box.add("c", { content: "one" });
  while (staying.box.of("c")[0]?.state !== "sending") await new Promise((resolve) => setTimeout(resolve, 5));
  leading.abort();
  staying.box.lead(new AbortController().signal);
  await settled(staying.box);
  assert.deepEqual(staying.sent, ["one"]);
  assert.deepEqual(await drafts.list(), []);
});

test("what may succeed later holds up the rest of its chat, what is refused does not", async () => {
  const busy = new TrunklineError("not_ready", "in a moment", { status: 503, retryAfterMs: 50 });
  const refused = new TrunklineError("banned", "no", { status: 403 });
  const { box, sent } = outbox(memoryDrafts(), [busy, "ok", refused]);
  box.lead(new AbortController().signal);
  for (const content of ["one", "two", "three"]) await box.add("c", { content });
  await settled(box);
  assert.deepEqual(sent, ["one", "one", "two", "three"]);
  assert.deepEqual(box.of("c").map(({ content, state }) => `${content} ${state}`), ["one sent", "three sent", "two failed"]);
  const [failed] = box.of("c").filter(({ state }) => state === "failed");
  assert.equal(failed.error.code, "banned");
  await box.retry(failed.client_id);
  await settled(box);
  assert.deepEqual(sent.at(-1), "two");
});
