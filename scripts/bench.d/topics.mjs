// Topics of Trunkline beside pgq, in one table of ratios: what goes in, what comes out, and how soon. scripts/bench.d/topics says what
// can be varied.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { table } from "./columns.mjs";
import { calm, meter } from "./proc.mjs";
import { WAYS } from "./topics_ways.mjs";
import { inTurns } from "./turns.mjs";

const { env } = process;
const number = (name) => Number(env[name]);
const [seconds, batch, clients, records] = ["SECONDS_EACH", "BATCH", "CLIENTS", "RECORDS"].map(number);
const postmaster = () => Number(readFileSync(`${env.DATA}/postmaster.pid`, "utf8").split("\n", 1)[0]);
const pid = Number(env.TRUNKLINE_PID);
const quiet = async () => env.QUICK || calm([pid], postmaster());
const turns = (ways, doing) =>
  inTurns(Object.fromEntries(ways.map((way) => [way, WAYS[way] && (() => doing(WAYS[way], way))])), {
    rounds: number("ROUNDS"),
    isWarm: Boolean(env.QUICK),
    calm: quiet,
  });
// About as much as somebody notes of an event.
const values = (many, from = 0) =>
  Array.from({ length: many }, (_, place) => ({ n: from + place, kind: "order.changed", at: Date.now(), note: "x".repeat(40) }));

// So many of one way at once, each with something to do; answers what they come to in all, a second, and its CPU.
const together = async (Way, many, topic, doing) => {
  const all = Array.from({ length: many }, () => Object.assign(new Way(), { topic }));
  for (const one of all) await one.open();
  const [used, begun] = [meter({ pid, postmaster: postmaster() }), performance.now()];
  const counts = await Promise.all(all.map(doing));
  const [{ both }, ms] = [used(), performance.now() - begun];
  for (const one of all) await one.close();
  const sum = counts.reduce((one, other) => one + other, 0);
  return { rate: (sum * 1e3) / ms, cpu: (both * 1e5) / sum };
};
const NAMES = { http: "over HTTP", freely: "over HTTP, no group", sql: "by SQL", pgq: "pgq" };
const { head, row: rowOf } = table(Object.values(NAMES), [NAMES.pgq]);
const named = (figures) => Object.fromEntries(Object.entries(figures).map(([way, figure]) => [NAMES[way], figure]));
const row = (what, goal, figures) => rowOf(what, goal, named(figures));

const workloads = {
  async produce() {
    const written = values(batch);
    const { rate, cpu } = await turns(["http", "sql", "pgq"], (Way) =>
      together(Way, clients, "bench", async (one) => {
        const end = performance.now() + seconds * 1e3;
        let count = 0;
        for (; performance.now() < end; count += batch) await one.produce(written);
        return count;
      }),
    );
    const what = `${clients} produce ${batch} at once`;
    row(`${what}: records/s`, { least: 50_000 }, rate);
    row(`${what}: CPU for 100,000, s`, {}, cpu);
  },

  async consume() {
    for (const Way of [WAYS.sql, WAYS.pgq].filter(Boolean)) {
      const one = Object.assign(new Way(), { topic: "read" });
      await one.open();
      for (let n = 0; n < records; n += batch) {
        await one.produce(values(batch, n));
        await one.tick?.();
      }
      await sleep(1);
      await one.close();
    }
    let readers = 0;
    const { rate, cpu } = await turns(["http", "freely", "sql", "pgq"], async (Way, way) => {
      const group = `reader${++readers}`;
      // Consumers of a group share its records; one who reads freely, and a consumer of pgq, has all of them.
      const many = way === "http" || way === "sql" ? clients : 1;
      return together(Way, many, "read", async (one) => {
        await one.begin(group);
        let count = 0;
        for (let some; (some = await one.consume()) > 0; ) count += some;
        return count;
      });
    });
    row(`a group of ${clients} consumes (no group, and pgq: one): records/s`, { least: 100_000 }, rate);
    row("the same: CPU for 100,000, s", {}, cpu);
  },

  // One record at a time, from before it is sent until its reader has it.
  async latency() {
    const { p50, p99 } = await turns(["http", "pgq"], async (Way) => {
      const [writer, reader] = [new Way(), new Way()].map((one) => Object.assign(one, { topic: "followed" }));
      await Promise.all([writer.open(), reader.open()]);
      await writer.produce([{ sent: 0 }]);
      await writer.tick?.();
      await reader.begin(`follower${performance.now().toFixed()}`);
      const times = [];
      let isRight = false;
      const following = reader.follow((read) => {
        for (const { sent } of read) if (isRight && sent > 0) times.push(performance.now() - sent);
      });
      // What was there before is read first.
      await sleep(500);
      isRight = true;
      const [begun, aSecond] = [performance.now(), number("RATE")];
      for (let n = 0; n < seconds * aSecond; n++) {
        await writer.produce([{ sent: performance.now() }]);
        await sleep(Math.max(0, begun + ((n + 1) * 1e3) / aSecond - performance.now()));
      }
      await sleep(1000);
      const all = times.toSorted((one, other) => one - other);
      reader.isClosed = true;
      await following;
      await Promise.all([writer.close(), reader.close()]);
      const at = (share) => all[Math.min(all.length - 1, Math.floor(all.length * share))];
      return { p50: at(0.5), p99: at(0.99) };
    });
    row(`${env.RATE} a second, one by one, until it is read: p50, ms`, { most: 5 }, p50);
    row(`${env.RATE} a second, one by one, until it is read: p99, ms`, {}, p99);
  },
};

const wanted = process.argv.slice(2);
for (const name of wanted) if (!workloads[name]) throw new Error(`the workloads are ${Object.keys(workloads).join(", ")}`);
await WAYS.pgq?.setUp();
console.log(`${availableParallelism()} cores; server, PostgreSQL and clients on this one machine; pgq ticks every ${env.TICK_MS} ms.\n`);
head();
for (const [name, run] of Object.entries(workloads)) if (wanted.length === 0 || wanted.includes(name)) await run();
process.exit();
