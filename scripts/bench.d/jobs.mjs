// Jobs of Trunkline beside other queues, in one table of ratios; what becomes of them when a worker and then the server is killed has
// a table of its own. scripts/bench.d/jobs says what can be varied.
import { setTimeout as sleep } from "node:timers/promises";
import { table } from "./columns.mjs";
import { during, setUp } from "./jobs_run.mjs";
import { postmaster } from "./jobs_servers.mjs";
import { CORES, SYSTEMS } from "./jobs_systems.mjs";
import { calm } from "./proc.mjs";
import { shown } from "./table.mjs";
import { inTurns } from "./turns.mjs";

const { env } = process;
const number = (name) => Number(env[name]);
const [jobs, rounds] = [number("JOBS"), number("ROUNDS")];
// At once, where that is not what is varied; and so many are one worker of everybody's.
const [USUAL, ONE] = [16, 8];
const names = SYSTEMS.map(({ name }) => name);
const { head, row } = table(names);
const safe = SYSTEMS.slice(1).filter(({ isSafe }) => isSafe);
const quiet = async () => env.QUICK || calm([], postmaster());
const turns = (doing, all = SYSTEMS) =>
  inTurns(Object.fromEntries(all.map((system) => [system.name, () => doing(system)])), { rounds, isWarm: true, calm: quiet });

const workloads = {
  // So many queued in one go while the worker waits, until all of them are over.
  async drain() {
    for (const workers of env.WORKERS.split(",").map(Number)) {
      const { rate } = await turns((system) =>
        during(system, workers, {}, async (run) => {
          const begun = performance.now();
          await run.queue(jobs);
          const done = (await run.drained(number("DRAIN_SECONDS") * 1e3)) ? jobs : jobs - (await run.left());
          return { rate: (done * 1e3) / (performance.now() - begun) };
        }),
      );
      row(`${jobs} drained by ${workers} at once: jobs/s`, { least: 1, of: "best" }, rate);
    }
  },

  // From before one is queued until the worker says that it has begun it; there is nothing else to do.
  async pickup() {
    const { p50, p99 } = await turns((system) =>
      during(system, ONE, { says: true }, async (run) => {
        const times = [];
        for (let n = 0; n < number("LONE"); n++) {
          const begins = run.begun();
          const begun = performance.now();
          const [at] = await Promise.all([begins, run.queue(1)]);
          times.push(at - begun);
          await run.drained(10_000, 5);
          // Not in step with whoever looks by the clock.
          await sleep(20 + Math.random() * 20);
        }
        times.sort((one, other) => one - other);
        const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
        return { p50: at(0.5), p99: at(0.99) };
      }),
    );
    row("one job on an idle worker: until it begins p50, ms", { most: 3 }, p50);
    row("one job on an idle worker: until it begins p99, ms", { most: 15 }, p99);
  },

  // 300 a second, first as they are, then with an old snapshot from a fifth of the time on, measured from there on.
  async held() {
    const [seconds, aSecond, batchMs] = [number("HELD_SECONDS"), 300, 100];
    const steady = (system, isHeld) =>
      during(system, USUAL, {}, async (run) => {
        const begun = performance.now();
        let from;
        const look = async () => ({ queued: run.queued, left: await run.left(), at: performance.now(), used: run.meter() });
        for (let batch = 1; (batch - 1) * batchMs < seconds * 1e3; batch++) {
          await run.queue((aSecond * batchMs) / 1e3);
          if (!from && performance.now() - begun > seconds * 200) {
            if (isHeld) await run.hold();
            from = await look();
          }
          await sleep(Math.max(0, begun + batch * batchMs - performance.now()));
        }
        const [now, used] = [{ queued: run.queued, at: performance.now() }, from.used()];
        const done = now.queued - from.queued - ((await run.left()) - from.left);
        return { rate: (done * 1e3) / (now.at - from.at), cpu: (used * 1e3) / done };
      });
    // Redis knows no snapshots.
    const all = SYSTEMS.filter(({ usesRedis }) => !usesRedis);
    const [rates, costs, kept, grown] = [{}, {}, {}, {}];
    for (const system of all) {
      await quiet();
      const plain = await steady(system, false);
      await quiet();
      const held = await steady(system, true);
      const { name } = system;
      [rates[name], costs[name]] = [held.rate, held.cpu];
      [kept[name], grown[name]] = [held.rate / plain.rate, held.cpu / plain.cpu];
    }
    const what = `${aSecond} a second, a snapshot is held`;
    row(`${what}: jobs/s`, { isMore: true }, rates);
    row(`${what}: jobs/s, × those without`, { least: 0.95 }, kept);
    row(`${what}: CPU for 1,000 jobs, s`, {}, costs);
    row(`${what}: CPU, × that without`, {}, grown);
  },

  // All that 1,000 jobs cost, queueing included: at once, and a tenth of them each second.
  async cpu() {
    const many = Math.min(1000, jobs);
    const figures = await turns((system) =>
      during(system, USUAL, {}, async (run) => {
        const once = run.meter();
        await run.queue(many);
        if (!(await run.drained(number("DRAIN_SECONDS") * 1e3, 100))) return {};
        await sleep(500);
        const atOnce = (once() * 1e3) / many;
        await run.calm();
        const slowly = run.meter();
        const begun = performance.now();
        for (let n = 0; n < many; n++) {
          await run.queue(1);
          await sleep(Math.max(0, begun + (n + 1) * 10 - performance.now()));
        }
        await run.drained(10_000, 100);
        return { atOnce, slowly: (slowly() * 1e3) / many };
      }),
    );
    const goal = { most: 0.5, of: "best", among: "that is safe", peers: safe.map(({ name }) => name) };
    row("CPU for 1,000 jobs, queued at once, s", goal, figures.atOnce);
    row("CPU for 1,000 jobs, 100 a second, s", goal, figures.slowly);
  },

  // The workers are killed after a third, and PostgreSQL (or Redis) after two thirds; all are started again at once.
  async crash() {
    const patience = number("PATIENCE") * 1e3;
    const lines = [];
    for (const system of SYSTEMS) {
      await quiet();
      const line = await during(system, USUAL, { ran: true }, async (run) => {
        const ran = async () => (await run.db.query(system.ran)).rows.filter(({ n }) => n > run.warm);
        let [count, latest] = [0, performance.now()];
        const until = async (many) => {
          for (let movedAt = performance.now(); count < many && performance.now() - movedAt < patience; await sleep(50)) {
            const now = (await ran().catch(() => [])).length;
            if (now > count) [count, latest, movedAt] = [now, performance.now(), performance.now()];
          }
          return count;
        };
        const begun = performance.now();
        await run.queue(jobs);
        const killedAt = await until(jobs / 3);
        await run.killWorkers();
        const restartedAt = await until((jobs * 2) / 3);
        await run.restartServer();
        await until(jobs);
        const all = await ran();
        const left = all.length < jobs ? await run.left() : 0;
        const twice = all.filter(({ times }) => times > 1);
        const some = twice.slice(0, 20).map(({ n, times }) => `${n - run.warm} (${times} times)`);
        console.error(`crash: ${system.name}: killed after ${killedAt} and ${restartedAt}; more than once: ${some.join(", ") || "none"}`);
        const stuck = Math.min(left, jobs - all.length);
        const seconds = all.length === jobs ? (latest - begun) / 1e3 : undefined;
        return [jobs - all.length - stuck, stuck, twice.length, run.restarts, seconds];
      });
      if (Array.isArray(line)) lines.push([system.name, ...line]);
    }
    afterwards.push(() => {
      const what = `${jobs} jobs, ${USUAL} at once`;
      console.log(`\n${what}; the worker is killed after a third of them, the server after two thirds:\n`);
      const cells = ["lost", `not done ${env.PATIENCE} s after the last`, "more than once", "worker ended by itself", "all done after, s"];
      console.log(`| system | ${cells.join(" | ")} |\n|---|${"---:|".repeat(cells.length)}`);
      for (const [name, lost, ...rest] of lines) {
        console.log(`| ${[name, lost > 0 ? `**${lost}**` : "0", ...rest.map(shown)].join(" | ")} |`);
      }
    });
    return lines[0][1] + lines[0][2] > 0;
  },
};

const afterwards = [];
const wanted = process.argv.slice(2);
for (const name of wanted) if (!workloads[name]) throw new Error(`the workloads are ${Object.keys(workloads).join(", ")}`);
const isWanted = (name) => wanted.length === 0 || wanted.includes(name);
for (const system of SYSTEMS) await setUp(system);
console.log(`${CORES} cores; workers, PostgreSQL, Redis and who queues on this one machine; the median of ${rounds}.\n`);
if (Object.keys(workloads).some((name) => name !== "crash" && isWanted(name))) head();
let isFlawed = false;
for (const [name, run] of Object.entries(workloads)) if (isWanted(name)) isFlawed = (await run()) || isFlawed;
for (const show of afterwards) show();
process.exit(isFlawed ? 1 : 0);
