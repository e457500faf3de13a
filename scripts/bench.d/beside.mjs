// Trunkline beside the peer, and beside what the system itself takes: the workloads one after the other, in each of them the runs
// in turns. Prints one table of ratios with the figures beside them; ends with 1 where we lost, doubled or disordered a message.
//
// Told by the environment: TRUNKLINE_URL, TRUNKLINE_PID, POSTMASTER; PGHOST, PGPORT, PGUSER and PGPASSWORD; PEER_URL, PEER_PID,
// PGBENCH and FLOOR where they can be had; FOLDER for what is temporary; RATES, SECONDS_EACH, ROUNDS, CHATS, SOCKETS, SENDERS,
// CROWD, IDLE, HISTORY, HEARTBEAT (how many seconds an idle socket is left alone; 0 is quick, and nothing is done twice).
// Arguments: the workloads, all when left out.
import { availableParallelism } from "node:os";
import { Audience } from "./audience.mjs";
import { Returning } from "./back.mjs";
import { Conversations } from "./conversations.mjs";
import { Crowd, Floor } from "./fanout.mjs";
import { History } from "./history.mjs";
import { idle } from "./idle.mjs";
import * as plain from "./plain.mjs";
import { calm as calmOf, meter as meterOf } from "./proc.mjs";
import { Peer, Trunkline } from "./systems.mjs";
import { head, row } from "./table.mjs";
import { inTurns } from "./turns.mjs";

const { env } = process;
const number = (name) => Number(env[name]);
const [seconds, senders] = [number("SECONDS_EACH"), number("SENDERS")];
const isQuick = number("HEARTBEAT") === 0;
const ours = new Trunkline(env.TRUNKLINE_URL, env.TRUNKLINE_PID);
const peer = env.PEER_URL && new Peer(env.PEER_URL, env.PEER_PID);
const systems = { trunkline: ours, ...(peer && { peer }) };
const audiences = { trunkline: new Audience(ours), ...(peer && { peer: new Audience(peer) }) };

const DATABASES = ["trunkline", "peer", "plain"];
const meter = (pid, own) => () =>
  meterOf({ pid, postmaster: env.POSTMASTER, others: DATABASES.filter((database) => database !== own) });
const calm = () => calmOf(Object.values(systems).map(({ pid }) => pid), env.POSTMASTER);
const turns = (runs) => inTurns(runs, { rounds: number("ROUNDS"), isWarm: isQuick, calm });

// Something for each system: {trunkline, peer}.
const both = async (make) => {
  const made = {};
  for (const [name, system] of Object.entries(systems)) made[name] = await make(system, audiences[name], name);
  return made;
};
const runsOf = (all, run) => Object.fromEntries(Object.entries(all).map(([name, one]) => [name, () => run(one)]));
const closeAll = (all) => Object.values(all).forEach((one) => one?.close());

const pgbench = env.PGBENCH || undefined;
const folder = env.FOLDER;
const talk = () =>
  both(async (system, audience) => {
    const conversations = new Conversations(system, { audience, meter: meter(system.pid, system.database) });
    await conversations.open(number("CHATS"), number("SOCKETS"));
    return conversations;
  });

const workloads = {
  async idle() {
    const often = isQuick ? { looks: 3, requests: 200 } : { looks: 20, requests: 2000 };
    const told = { size: number("IDLE"), heartbeatMs: number("HEARTBEAT") * 1e3, ...often };
    const kib = await both((system, audience) => idle(system, audience, told));
    row(`${env.IDLE} idle sockets: memory of each, KiB`, { most: 6 }, kib);
  },

  async quiet() {
    const all = await talk();
    const warmMs = isQuick ? 500 : 2000;
    const told = { warmMs, pgbench, script: `${folder}/told.sql`, folder, meter: meter(0, "plain") };
    for (const rate of env.RATES.split(",").map(Number)) {
      const runs = runsOf(all, (one) => one.paced(rate, seconds));
      const figures = await turns({ ...runs, floor: pgbench && (() => plain.paced(told, rate, seconds)) });
      const isGoal = rate <= 100;
      row(`${rate} a second: send to frame p50, ms`, isGoal ? { most: 0.7, of: "peer" } : {}, figures.p50);
      row(`${rate} a second: send to frame p99, ms`, isGoal ? { most: 1, of: "peer" } : {}, figures.p99);
      row(`${rate} a second: CPU of a message, ms`, { most: 0.5, of: "peer" }, figures.cpu);
      const goal = { most: 1.3, of: "floor", name: "INSERT + NOTIFY" };
      row(`${rate} a second: PostgreSQL's part, ms`, goal, figures.postgres);
    }
    closeAll(all);
  },

  async full() {
    const all = await talk();
    const [chats, script] = [number("CHATS"), `${folder}/numbered.sql`];
    const told = { pgbench, script, cores: Math.min(senders, availableParallelism()) };
    const floor = pgbench && (() => plain.full(told, { clients: senders, chats, seconds }));
    const { rate, cpu, after } = await turns({ ...runsOf(all, (one) => one.full(senders, seconds)), floor });
    const what = `${chats} chats × ${env.SOCKETS} sockets, ${senders} senders`;
    row(`${what}: CPU of a message, ms`, { most: 0.25, of: "peer" }, cpu);
    row(`${what}: the same with what is put off, ms`, {}, after);
    row(`${what}: acknowledged/s`, { least: 4, of: "peer" }, rate);
    row(`${what}: acknowledged/s`, { least: 1, of: "floor", name: "plain inserts" }, rate);
    closeAll(all);
  },

  async fanout() {
    const size = number("CROWD");
    const all = await both(async (system, audience) => {
      const crowd = new Crowd(system, audience);
      await crowd.open(size);
      return crowd;
    });
    const floor = env.FLOOR ? new Floor() : undefined;
    await floor?.open(env.FLOOR, size);
    const runs = runsOf(all, (crowd) => crowd.run(seconds));
    // The floor comes after ours, and writes as many bytes.
    const { paced, bursts } = await turns({ ...runs, floor: floor && (() => floor.run(seconds, all.trunkline.frame)) });
    row(`${size} sockets, 10 a second: server CPU of a delivery, µs`, { most: 1.1, of: "floor" }, paced);
    row(`${size} sockets, bursts of 16: server CPU of a delivery, µs`, { most: 0.75, of: "floor" }, bursts);
    closeAll({ ...all, floor });
  },

  async history() {
    const all = await both(async (system) => {
      const history = new History(system, senders);
      await history.open(number("HISTORY"));
      return history;
    });
    const { rate } = await turns(runsOf(all, (one) => one.run(seconds)));
    row("the last 50 messages of a chat: requests/s", { least: 3, of: "peer" }, rate);
    closeAll(all);
  },

  async back() {
    const size = number("CROWD");
    const all = await both(async (system, audience) => {
      const returning = new Returning(system, audience, calm);
      await returning.open(size);
      return returning;
    });
    const back = await turns(runsOf(all, (one) => one.run()));
    row(`${size} sockets back at once, with what they missed, s`, { most: 0.4, of: "peer" }, back.seconds);
    closeAll(all);
  },
};

const wanted = process.argv.slice(2);
for (const name of wanted) if (!workloads[name]) throw new Error(`the workloads are ${Object.keys(workloads).join(", ")}`);
await both((system) => system.open(senders));
head();
for (const [name, run] of Object.entries(workloads)) if (wanted.length === 0 || wanted.includes(name)) await run();
const flaws = Object.fromEntries(Object.entries(audiences).map(([name, { flaws }]) => [name, flaws]));
row("lost, doubled or out of order", { most: 0 }, flaws);
process.exit(flaws.trunkline ? 1 : 0);
