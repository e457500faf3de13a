// One message at a time, beside the peer, and beside a plain INSERT with a NOTIFY trigger: the runs take turns, so that all of
// them meet the same machine. Prints a table of ratios with the figures beside them; ends with 1 where one was lost, doubled or
// out of order by us.
//
// Told by the environment: TRUNKLINE_URL, TRUNKLINE_PID, POSTGRES_URL (up to the name of the database), POSTMASTER, PEER_URL,
// PEER_PID, PGBENCH; RATES, DURATION (seconds), ROUNDS, CHATS, SOCKETS.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { ofPostgres, ofProcess } from "./proc.mjs";
import { Peer, Trunkline } from "./systems.mjs";

const { env } = process;
const [SECONDS, ROUNDS, CHATS, SOCKETS] = ["DURATION", "ROUNDS", "CHATS", "SOCKETS"].map((name) => Number(env[name]));
const RATES = env.RATES.split(",").map(Number);
const DATABASES = ["trunkline", "peer", "plain"];
// How long deliveries may go on after the last acknowledgement before they count as lost.
const PATIENCE_MS = 10_000;

const cpu = (pid, database) => ({
  server: pid ? ofProcess(pid) : 0,
  postgres: ofPostgres(env.POSTMASTER, DATABASES.filter((other) => other !== database)),
});
const spent = (before, after, messages) => ({
  server: ((after.server - before.server) * 1e3) / messages,
  postgres: ((after.postgres - before.postgres) * 1e3) / messages,
});

class Run {
  constructor(system, pid, database) {
    Object.assign(this, { system, pid, database, flaws: 0, number: 0 });
    this.last = Array.from({ length: CHATS * SOCKETS }, () => 0);
  }

  open() {
    return this.system.open(CHATS, SOCKETS, (place, socket, content) => {
      const [number, at] = content.split(" ").map(Number);
      const seen = place * SOCKETS + socket;
      // Each chat is sent to in turn: the next number of a chat is CHATS further on.
      const expected = this.last[seen] === 0 ? (place || CHATS) : this.last[seen] + CHATS;
      if (number !== expected) this.flaws++;
      this.last[seen] = number;
      this.heard++;
      this.delays.push(performance.now() - at);
    });
  }

  async at(rate) {
    [this.heard, this.delays] = [0, []];
    const messages = rate * SECONDS;
    const before = cpu(this.pid, this.database);
    const begin = performance.now();
    const sends = [];
    for (let n = 0; n < messages; n++) {
      const due = begin + (n * 1e3) / rate;
      if (due > performance.now()) await sleep(due - performance.now());
      this.number++;
      const content = `${this.number} ${performance.now()} `.padEnd(100, ".");
      sends.push(this.system.send(this.number % CHATS, content));
    }
    await Promise.all(sends);
    const end = performance.now() + PATIENCE_MS;
    while (this.heard < messages * SOCKETS && performance.now() < end) await sleep(5);
    this.flaws += Math.abs(messages * SOCKETS - this.heard);
    this.delays.sort((a, b) => a - b);
    const share = (part) => this.delays[Math.min(this.delays.length - 1, Math.floor(this.delays.length * part))];
    return { ...spent(before, cpu(this.pid, this.database), messages), p50: share(0.5), p99: share(0.99) };
  }
}

// What PostgreSQL alone takes for the same, by pgbench at the same rate.
const plain = async (rate) => {
  const url = new URL(`${env.POSTGRES_URL}/plain`);
  const script = `${env.FOLDER}/plain.sql`;
  writeFileSync(script, "\\set chat random(1, 200)\ninsert into messages (chat, content) values (:chat, repeat('.', 100));\n");
  const before = cpu(0, "plain");
  await promisify(execFile)(
    env.PGBENCH,
    ["-n", "-M", "prepared", "-h", url.hostname, "-p", url.port, "-U", url.username, "-c", "1", "-R", String(rate)].concat(
      ["-T", String(SECONDS), "-f", script, "plain"],
    ),
    { env: { ...env, PGPASSWORD: decodeURIComponent(url.password) } },
  );
  return spent(before, cpu(0, "plain"), rate * SECONDS);
};

const prepare = async () => {
  const client = new pg.Client(`${env.POSTGRES_URL}/plain`);
  await client.connect();
  await client.query(`
    create table messages (id bigint generated always as identity primary key, chat bigint not null, content text not null,
      created_at timestamptz not null default now());
    create index on messages (chat, id);
    create function notify_instances() returns trigger language plpgsql as
      $$ begin perform pg_notify('plain', new.chat || ':' || new.id); return null; end $$;
    create trigger notify after insert on messages for each row execute function notify_instances()`);
  await client.end();
};

const median = (figures) => {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
};
const of = (rounds, figure) => median(rounds.map((round) => round[figure]));

await prepare();
const ours = new Run(new Trunkline(env.TRUNKLINE_URL), env.TRUNKLINE_PID, "trunkline");
const theirs = new Run(new Peer(env.PEER_URL), env.PEER_PID, "peer");
await ours.open();
await theirs.open();
console.log("| one at a time | goal | ratio | Trunkline | Socket.IO + PostgreSQL | INSERT + NOTIFY |\n|---|---|---:|---:|---:|---:|");
const row = (what, goal, a, b, c) => {
  const shown = (number) => (number === undefined ? "–" : number.toFixed(2));
  console.log(`| ${what} | ${goal} | ${(a / (b ?? c)).toFixed(2)} | ${shown(a)} | ${shown(b)} | ${shown(c)} |`);
};
for (const rate of RATES) {
  const [us, them, bare] = [[], [], []];
  // Everybody's first messages plan and compile; they count for nobody.
  for (let round = -1; round < ROUNDS; round++) {
    const figures = [await ours.at(rate), await theirs.at(rate), await plain(rate)];
    if (round >= 0) [us, them, bare].forEach((rounds, place) => rounds.push(figures[place]));
  }
  const what = `${rate}/s`;
  row(`${what}: send to frame p50, ms`, "≤ 0.7", of(us, "p50"), of(them, "p50"));
  row(`${what}: send to frame p99, ms`, "≤ 1", of(us, "p99"), of(them, "p99"));
  const both = (rounds) => of(rounds, "server") + of(rounds, "postgres");
  row(`${what}: CPU ms a message`, "≤ 0.5", both(us), both(them));
  row(`${what}: PostgreSQL's part`, "≤ 1.3", of(us, "postgres"), undefined, of(bare, "postgres"));
  row(`${what}: PostgreSQL's part beside the peer's`, "", of(us, "postgres"), of(them, "postgres"));
}
console.log(`\nlost, doubled or out of order: ${ours.flaws} (peer ${theirs.flaws})`);
ours.system.close();
theirs.system.close();
process.exit(ours.flaws ? 1 : 0);
