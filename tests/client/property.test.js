// Random histories and breaks: what the client shows equals what the server shows. `SEED=… RUNS=…` repeats and lengthens it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Instance, Network, Postgres, person, shown, sleep, snapshot, until } from "./harness.js";

const RUNS = Number(process.env.RUNS ?? 4);
const STEPS = Number(process.env.STEPS ?? 60);
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
const EMOJI = ["👍", "❤️", ":ship:"];

let postgres, one, two;

before(async () => {
  postgres = await Postgres.start();
  one = await Instance.start(postgres);
  two = await Instance.start(postgres);
});

after(async () => {
  await Promise.all([one?.end(), two?.end()]);
  await postgres?.end();
});

/** The same numbers for the same seed (mulberry32). */
function dice(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** What of all messages a window should hold: what lies between its ends, and nothing is missing where it says so. */
function held(all, { messages, hasOlder, hasNewer }) {
  const [first, last] = [messages[0]?.seq ?? 0, messages.at(-1)?.seq ?? 0];
  return all.filter(({ seq }) => (!hasOlder || seq >= first) && (!hasNewer || seq <= last));
}

/** The places of all messages, as one finds them who goes to the beginning and then down. */
async function walk(watcher, chat) {
  while (await watcher.older(chat));
  const walked = [];
  for (let more = true; more; more = await watcher.newer(chat)) {
    for (const { seq } of watcher.chat(chat).messages) if (seq > (walked.at(-1) ?? 0)) walked.push(seq);
  }
  for (const { seq } of watcher.chat(chat).messages) if (seq > (walked.at(-1) ?? 0)) walked.push(seq);
  return walked;
}

for (let run = 0; run < RUNS; run += 1) {
  const seed = SEED + run;
  test(`what is shown equals a fresh look, seed ${seed}`, async () => {
    const random = dice(seed);
    const pick = (of) => of[Math.floor(random() * of.length)];
    const network = await Network.to(...(random() < 0.5 ? [one, two] : [two, one]));
    // Half of the time the window is so small that it lies elsewhere, and lets go of messages.
    const isSmall = random() < 0.5;
    const watcher = await person(network.base, "Watcher", { timeoutMs: 3000, most: isSmall ? 8 + Math.floor(random() * 12) : undefined });
    const people = [await person(one.base, "Ann"), await person(two.base, "Ben"), await person(one.base, "Cleo")];
    const chat = (await people[0].rest.post("/chats", { title: `Room ${watcher.userId}` })).id;
    for (const each of [watcher, people[1]]) await each.rest.post(`/chats/${chat}/join`);
    const { username } = await watcher.rest.get("/users/me");
    await watcher.connect();
    await watcher.open(chat);

    const trace = [];
    const said = [];
    const inOrder = [];
    const ofChat = `/chats/${chat}`;
    const someMessage = () => `${ofChat}/messages/${pick(said)}`;
    const acts = {
      async say() {
        const content = random() < 0.3 ? `hello @${username} ${trace.length}` : `word ${trace.length}`;
        said.push((await pick(people).rest.post(`${ofChat}/messages`, { content })).id);
      },
      async sayMyself() {
        inOrder.push(`mine ${trace.length}`);
        await watcher.send(chat, inOrder.at(-1));
      },
      edit: () => pick(people).rest.patch(someMessage(), { content: random() < 0.4 ? `now @${username}` : `else ${trace.length}` }),
      recall: () => pick(people).rest.delete(someMessage()),
      react: () => pick(people).rest.put(`${someMessage()}/reactions/${encodeURIComponent(pick(EMOJI))}`),
      react2: () => pick(people).rest.put(`${someMessage()}/reactions/${encodeURIComponent(pick(EMOJI))}`),
      unreact: () => pick(people).rest.delete(`${someMessage()}/reactions/${encodeURIComponent(pick(EMOJI))}`),
      come: () => people[2].rest.post(`${ofChat}/join`),
      go: () => people[2].rest.post(`${ofChat}/leave`),
      promote: () => people[0].rest.patch(`${ofChat}/members/${people[1].userId}`, { role: pick(["admin", "member"]) }),
      rename: () => people[0].rest.patch(ofChat, { description: `about ${trace.length}` }),
      keep: () => people[0].rest.patch(ofChat, { retention_days: pick([null, 30]) }),
      othersRead: () => people[1].rest.put(`${ofChat}/read`, { seq: Math.floor(random() * (said.length + 1)) }),
      iReadElsewhere: () => two && another_read(Math.floor(random() * (said.length + 1))),
      iRead: () => watcher.read(chat, Math.floor(random() * ((watcher.chat(chat)?.last_seq ?? 0) + 1))),
      clear: () => (random() < 0.3 ? people[0].rest.delete(`${ofChat}/messages`) : null),
      putOut: () => (random() < 0.3 ? putOutAndIn() : null),
      async cut() {
        network.cut();
        await sleep(random() * 300);
        network.heal();
      },
      reset: () => network.reset(),
      freeze: () => (random() < 0.2 ? network.freeze() : network.reset()),
      slow: () => void (network.delayMs = pick([0, 0, 20, 60])),
    };
    const somePlace = () => Math.floor(random() * ((watcher.chat(chat)?.last_seq ?? 0) + 1));
    const unlessCut = (promise) => Promise.race([promise.catch((error) => assert.equal(error.code, "not_found")), sleep(random() * 200)]);
    const moves = {
      jump: () => unlessCut(watcher.open(chat, { around: somePlace() })),
      up: () => unlessCut(watcher.older(chat)),
      up2: () => unlessCut(watcher.older(chat)),
      down: () => unlessCut(watcher.newer(chat)),
      back: () => unlessCut(watcher.present(chat)),
      look: () => watcher.setViewport(chat, random() < 0.3 ? null : somePlace()),
    };
    if (isSmall) Object.assign(acts, moves);
    const here = await person(two.base, "Nobody");
    here.session.storage.setItem(here.session.key, JSON.stringify(watcher.session.kept));
    const another_read = (seq) => here.rest.put(`${ofChat}/read`, { seq });
    async function putOutAndIn() {
      await people[0].rest.delete(`${ofChat}/members/${watcher.userId}`);
      if (random() < 0.5) await sleep(100);
      await people[0].rest.post(`${ofChat}/members`, { user_id: watcher.userId });
      await until("the chat is back", () => watcher.chat(chat) !== null && watcher.isSettled);
      await watcher.open(chat);
    }

    // Not by the network that breaks.
    const fresh = () => snapshot(here.rest, chat);
    try {
      for (let step = 0; step < STEPS; step += 1) {
        const name = pick(Object.keys(acts));
        trace.push(name);
        if (!said.length && !["say", "cut", "slow"].includes(name)) continue;
        // What is not allowed, or not there any more, is no matter here.
        await Promise.resolve(acts[name]()).catch((error) => {
          if (error.status === undefined || error.status >= 500 || error.status === 0) throw error;
        });
        if (random() < 0.3) await sleep(random() * 60);
      }
      network.heal();
      await until("all is sent", () => watcher.isSettled && watcher.chat(chat)?.messages.every(({ state }) => !state));
      // Read marks of the last moment are on their way: they are not in the log, and come by the next notification.
      const both = async () => {
        const [is, all] = [shown(watcher, chat), await fresh()];
        const should = all && { ...all, messages: held(all.messages, watcher.chat(chat)) };
        return [is, should];
      };
      await until("they are alike", async () => {
        await watcher.open(chat);
        while (!isSmall && (await watcher.older(chat)));
        const [is, should] = await both();
        return watcher.isSettled && JSON.stringify(is) === JSON.stringify(should);
      }, 20_000).catch((error) => {
        if (!error.message.startsWith("in vain")) throw error;
      });
      const [is, should] = await both();
      assert.deepEqual(is, should);
      if (isSmall) {
        assert.ok(is.messages.length <= watcher.options.most, "no more is held than should be");
        // Page by page through all of it, and back to the end.
        const walked = await walk(watcher, chat);
        assert.deepEqual(walked, (await fresh()).messages.map(({ seq }) => seq));
        await watcher.present(chat);
        assert.equal(watcher.chat(chat).hasNewer, false);
        assert.deepEqual(...(await both()));
      }
      const mine = is.messages.filter(({ sender_id, content }) => sender_id === watcher.userId && content);
      const order = mine.map(({ content }) => inOrder.indexOf(content));
      assert.deepEqual(order, [...new Set(order)].sort((a, b) => a - b), "once each, in the order in which they were sent");
    } catch (error) {
      console.log(`seed ${seed}: ${trace.join(" ")}`);
      throw error;
    } finally {
      watcher.close();
      network.end();
    }
  });
}
