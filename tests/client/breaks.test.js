// Whatever breaks, nothing is lost, nothing comes twice, and the order is kept.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Instance, Network, Postgres, another, history, person, shown, sleep, snapshot, until } from "./harness.js";

let postgres, one, two, network, alice, bob, chat;

before(async () => {
  postgres = await Postgres.start();
  one = await Instance.start(postgres);
  two = await Instance.start(postgres);
});

after(async () => {
  await Promise.all([one?.end(), two?.end()]);
  await postgres?.end();
});

/** Alice writes through a network that breaks, Bob beside it. Both have the chat open. */
async function scene(options = {}) {
  network = await Network.to(one, two);
  alice = await person(network.base, "Alice", { timeoutMs: 4000, ...options });
  bob = await person(two.base, "Bob");
  chat = (await alice.rest.post("/chats", { title: `Lobby ${alice.userId}` })).id;
  await bob.rest.post(`/chats/${chat}/join`);
  await Promise.all([alice.connect(), bob.connect()]);
  await Promise.all([alice.open(chat), bob.open(chat)]);
}

function leave() {
  alice.close();
  bob.close();
  network.end();
}

/** Writes `count` messages of each, a few milliseconds apart, and breaks something meanwhile. */
async function conversation(count, breaks) {
  const write = async (client, name) => {
    for (let n = 0; n < count; n += 1) {
      await client.send(chat, `${name} ${n}`);
      await sleep(15);
    }
  };
  await Promise.all([write(alice, "alice"), write(bob, "bob"), breaks()]);
  await isWhole(count);
}

async function isWhole(count) {
  for (const client of [alice, bob]) {
    await until(`all is shown (${client.state})`, () => {
      const { messages } = client.chat(chat);
      return client.isSettled && messages.filter(({ kind }) => kind === "text").length === count * 2 &&
        messages.every(({ state }) => state === undefined);
    }).catch((error) => {
      const { messages } = client.chat(chat);
      const waiting = messages.filter(({ state }) => state).map(({ content, state }) => `${content} ${state}`);
      throw new Error(`${error.message}: ${messages.length} of ${count * 2}, ${client.isSettled}, ${waiting.slice(0, 5)}`);
    });
    const { messages } = client.chat(chat);
    for (const name of ["alice", "bob"]) {
      const own = messages.map(({ content }) => content).filter((content) => content?.startsWith(name));
      assert.deepEqual(own, Array.from({ length: count }, (_, n) => `${name} ${n}`));
    }
    assert.deepEqual(client.chat(chat).messages, (await history(client.rest, chat)).slice(-messages.length));
  }
}

test("an instance is killed: its client goes on at the other one", async () => {
  await scene();
  await conversation(40, async () => {
    await sleep(200);
    await one.end();
  });
  one = await Instance.start(postgres);
  leave();
});

test("an instance is stopped: its clients come back when it said", async () => {
  await scene();
  await conversation(40, async () => {
    await sleep(200);
    await one.end("SIGTERM");
  });
  one = await Instance.start(postgres);
  leave();
});

test("PostgreSQL is restarted: what is written meanwhile waits", async () => {
  await scene();
  await conversation(40, async () => {
    await sleep(200);
    await postgres.down();
    await sleep(500);
    await postgres.up();
  });
  leave();
});

test("the network is cut, and is slow, and is cut in the middle of answers", async () => {
  await scene();
  await conversation(60, async () => {
    network.delayMs = 40;
    for (let n = 0; n < 4; n += 1) {
      await sleep(150);
      network.reset();
    }
    network.cut();
    await sleep(700);
    network.heal();
  });
  leave();
});

test("the network falls silent without a word: a clock that jumped says that the machine slept", async (context) => {
  await scene();
  const connections = network.connections;
  network.freeze();
  const missed = await bob.send(chat, "good morning");
  // The lid is closed for an hour: no timer fires, and the clock is another one.
  const real = Date.now;
  context.mock.method(Date, "now", () => real() + 3_600_000);
  await until("the message is shown", () => alice.chat(chat).messages.some(({ client_id }) => client_id === missed));
  assert.ok(network.connections > connections);
  context.mock.restoreAll();
  leave();
});

test("an access token that has run out is refreshed on the way, once for all tabs", async () => {
  const short = await Instance.start(postgres, { TRUNKLINE_AUTH__ACCESS_MINUTES: "1" });
  const first = await person(short.base, "Carol");
  const { storage } = first.session;
  const second = new first.constructor({ url: short.base, storage });
  const third = new first.constructor({ url: short.base, storage });
  const issued = first.session.kept.issued;
  // As if the minute were over, for the clock and for the server.
  storage.setItem(first.session.key, JSON.stringify({ ...first.session.kept, expires_at: Date.now() - 1 }));
  let refreshes = 0;
  for (const client of [first, second, third]) {
    const ask = client.way.fetch;
    client.way.fetch = (url, init) => {
      if (String(url).endsWith("/auth/token/refresh")) refreshes += 1;
      return ask(url, init);
    };
  }
  await Promise.all([first, second, third].map((client) => client.rest.get("/users/me")));
  assert.equal(refreshes, 1);
  assert.notEqual(first.session.kept.issued, issued);
  // One that the server does not take, whatever the clock says.
  const kept = first.session.kept;
  storage.setItem(first.session.key, JSON.stringify({ ...kept, access_token: `${kept.access_token}x` }));
  await first.connect();
  assert.equal(refreshes, 2);
  assert.equal((await first.rest.get("/users/me")).id, first.userId);
  first.close();
  await short.end();
});

test("an answer with new tokens that gets lost is asked for again in time", async () => {
  await scene();
  const { kept } = alice.session;
  let lost = 0;
  const ask = alice.way.fetch;
  alice.way.fetch = async (url, init) => {
    const answer = await ask(url, init);
    if (String(url).endsWith("/auth/token/refresh") && lost++ < 2) throw new TypeError("cut");
    return answer;
  };
  await alice.session.refresh(kept.issued);
  assert.equal(lost, 3);
  assert.equal((await alice.rest.get("/users/me")).id, alice.userId);
  leave();
});

test("a session that was ended elsewhere says so, and what was not sent is kept for the same person", async () => {
  await scene();
  const ended = new Promise((resolve) => alice.on("signed_out", () => resolve()));
  const device = await another(alice, two.base);
  for (const { id, current } of await device.rest.all("/auth/sessions", {})) {
    if (!current) await device.rest.delete(`/auth/sessions/${id}`);
  }
  await ended;
  assert.equal(alice.userId, null);
  assert.equal(alice.state, "offline");
  await assert.rejects(alice.connect(), { code: "not_signed_in" });
  leave();
});

test("what is refused for good fails, and what comes after it is sent", async () => {
  await scene();
  await alice.send(chat, "before");
  const bad = await alice.send(chat, { content: "a reply to nothing", reply_to: chat });
  await alice.send(chat, "after");
  const failed = await until("it fails", () => alice.chat(chat).messages.find(({ state }) => state === "failed"));
  assert.equal(failed.client_id, bad);
  assert.ok(failed.error.code);
  await until("the others are there", () => alice.chat(chat).messages.filter(({ state }) => !state).length === 2);
  assert.deepEqual(alice.chat(chat).messages.map(({ content }) => content), ["before", "after", "a reply to nothing"]);
  assert.ok(await alice.discard(bad));
  assert.equal(alice.chat(chat).messages.length, 2);
  assert.equal(await alice.discard(bad), false);
  leave();
});

test("who is put out, and whose chat is deleted, has it no more", async () => {
  await scene();
  await alice.rest.delete(`/chats/${chat}/members/${bob.userId}`);
  await until("it is gone", () => bob.chat(chat) === null);
  await bob.rest.post(`/chats/${chat}/join`);
  await until("it is back", () => bob.chat(chat) !== null && bob.isSettled);
  assert.equal(bob.chat(chat).unread_count, 0);
  await assert.rejects(bob.open(alice.userId), { code: "not_found" });
  network.cut();
  await bob.rest.post(`/chats/${chat}/leave`);
  await bob.rest.post("/chats", { title: `Other ${bob.userId}` });
  await until("it is gone", () => bob.chat(chat) === null && bob.chats.length === 1);
  network.heal();
  await until("the others are told", () => alice.state === "online" && alice.chat(chat).member_count === 1);
  const owner = await another(alice, two.base);
  await owner.rest.delete(`/chats/${chat}`);
  await until("it is deleted", () => alice.chat(chat) === null);
  leave();
});

test("after hundreds of entries the chat is loaded anew, and reads on from there", async () => {
  await scene({ most: 1000 });
  network.cut();
  for (let n = 0; n < 600; n += 1) await bob.rest.post(`/chats/${chat}/messages`, { content: `bob ${n}` });
  network.heal();
  await until("all is shown", () => alice.isSettled && alice.chat(chat).last_seq === 601);
  await until("the newest are there", () => alice.chat(chat).messages.at(-1)?.content === "bob 599");
  assert.equal(alice.chat(chat).unread_count, 600);
  while (await alice.older(chat));
  assert.equal(alice.chat(chat).messages.length, 600);
  await until("they are alike", async () => {
    return JSON.stringify(shown(alice, chat)) === JSON.stringify(await snapshot(alice.rest, chat));
  });
  leave();
});

test("tabs share one socket; the next one takes over, and the outbox goes on", async () => {
  network = await Network.to(one, two);
  const first = await person(network.base, "Dora", { shared: true });
  const { storage } = first.session;
  const sockets = [];
  const counted = class extends WebSocket {
    constructor(...of) {
      super(...of);
      sockets.push(this);
    }
  };
  const tabs = [first, ...[1, 2].map(() => new first.constructor({ url: network.base, storage, shared: true }))];
  for (const tab of tabs) tab.options.WebSocket = counted;
  const room = (await first.rest.post("/chats", { title: `Tabs ${first.userId}` })).id;
  for (const tab of tabs) await tab.connect();
  for (const tab of tabs) await tab.open(room);
  assert.equal(sockets.length, 1);
  assert.deepEqual(tabs.map(({ isLeader }) => isLeader), [true, false, false]);
  await first.send(room, "from the leader");
  await until("every tab shows it", () => tabs.every((tab) => tab.chat(room).messages.length === 1 && tab.isSettled));
  first.close();
  await until("another one leads", () => tabs[1].isLeader && tabs[1].state === "online");
  assert.equal(sockets.length, 2);
  await bobSays(room);
  await until("both hear it", () => tabs.slice(1).every((tab) => tab.chat(room).messages.length === 2));
  tabs[1].close();
  tabs[2].close();
  network.end();

  async function bobSays(id) {
    const someone = await person(two.base, "Bob");
    await someone.rest.post(`/chats/${id}/messages`, { content: "from Bob" });
  }
});
