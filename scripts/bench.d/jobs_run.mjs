// One system at work: in a database of its own, as it is right after it was set up, with a worker that has done a few jobs already.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis, connected, postmaster, restartPostgres, sql } from "./jobs_servers.mjs";
import { calm, meter, ofProcess } from "./proc.mjs";

const { FOLDER, HOME, PATH, QUICK, SERVER } = process.env;
const [WARM, LOOK_MS, GRACE_MS] = [10, 25, 5000];
const nameOf = (system, kind) => `${system.name.toLowerCase().replaceAll("-", "_")}_${kind}`;
const children = new Set();
process.on("exit", () => children.forEach((child) => child.kill("SIGKILL")));

const start = ({ command: [program, ...args], env }, more, stdio) => {
  const child = spawn(program, args, { cwd: FOLDER, env: { PATH, HOME, ...env, ...more }, stdio });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
};

// The database that each run begins with a copy of, and what Celery writes.
export const setUp = async (system) => {
  const database = nameOf(system, "base");
  await sql(`create database ${database}`);
  await sql("create table ran (n integer)", database);
  const redis = system.usesRedis && new Redis(system.keepsAll);
  await redis?.start?.();
  const more = { DATABASE_URL: `${SERVER}/${database}`, ...(redis && { REDIS: `redis://127.0.0.1:${redis.port}/0` }) };
  const [code] = await once(start(system.setUp, more, ["ignore", "ignore", "inherit"]), "exit");
  if (code !== 0) throw new Error(`${system.name} could not be set up`);
  if (redis) {
    system.template = await redis.ask("LINDEX", "celery", "0");
    await redis.end();
  }
};

export class Run {
  queued = 0;
  warm = WARM;
  restarts = 0;
  #workers = [];
  #log = openSync(`${FOLDER}/workers.log`, "a");
  #hearing = () => {};

  constructor(system, concurrency, told = {}) {
    Object.assign(this, { system, concurrency, told, database: nameOf(system, "run") });
  }

  async open() {
    await sql(`drop database if exists ${this.database} with (force)`);
    await sql(`create database ${this.database} template ${nameOf(this.system, "base")}`);
    this.env = { DATABASE_URL: `${SERVER}/${this.database}` };
    if (this.system.usesRedis) {
      this.redis = new Redis(this.system.keepsAll);
      await this.redis.start();
      this.env.REDIS = `redis://127.0.0.1:${this.redis.port}/0`;
    }
    this.db = await connected(this.database);
    if (this.system.queuer) {
      this.queuer = start({ command: this.system.queuer }, this.env, ["pipe", "pipe", "inherit"]);
      this.answers = createInterface(this.queuer.stdout);
    }
    this.startWorkers();
    await this.queue(WARM);
    if (!(await this.drained(60_000))) throw new Error(`${this.system.name} does not work`);
    await this.calm();
    return this;
  }

  // Nobody has anything to do any more.
  async calm() {
    if (!QUICK) await calm(this.pids, postmaster());
  }

  get pids() {
    return [...this.#workers.map(({ pid }) => pid), ...(this.redis ? [this.redis.child.pid] : [])];
  }

  startWorkers() {
    const says = Boolean(this.told.says);
    this.#workers = this.system.workers(this.concurrency, this.told).map((one) => this.#startWorker(one, says));
  }

  #startWorker(one, says) {
    // Where all is killed, what it says about that is not for people.
    const output = this.told.ran ? this.#log : says ? "pipe" : "inherit";
    const child = start(one, this.env, ["ignore", says ? "pipe" : "ignore", output]);
    for (const stream of says ? [child.stdout, child.stderr] : []) {
      createInterface(stream).on("line", (line) => line.includes(this.system.begins) && this.#hearing());
    }
    child.on("exit", () => {
      const place = this.#workers.indexOf(child);
      if (!this.told.ran || place < 0) return;
      // As whatever looks after a worker would.
      this.restarts++;
      setTimeout(() => {
        if (this.#workers[place] === child) this.#workers[place] = this.#startWorker(one, says);
      }, 1000);
    });
    return child;
  }

  // When a worker says, for the next time, that it has begun a job.
  begun() {
    return new Promise((resolve) => {
      this.#hearing = () => resolve(performance.now());
    });
  }

  // Holds a snapshot until the run ends: nothing that goes from now on can be cleaned up.
  async hold() {
    this.holder = await connected(this.database);
    await this.holder.query("begin isolation level repeatable read");
    await this.holder.query("select count(*) from ran");
  }

  async queue(many) {
    const [first, last] = [this.queued + 1, this.queued + many];
    this.queued = last;
    if (this.queuer) {
      const done = once(this.answers, "line");
      this.queuer.stdin.write(`${first} ${last}\n`);
      await done;
    } else if (this.system.queueBy) {
      await this.system.queueBy({ redis: this.redis, template: this.system.template }, first, last);
    } else {
      await this.db.query({ name: "queue", text: this.system.queue, values: [first, last] });
    }
  }

  async left() {
    const { leftBy, over, left } = this.system;
    if (leftBy) return leftBy(this);
    const [{ n }] = (await this.db.query(over ?? left)).rows;
    return over ? this.queued - n : n;
  }

  async #isLeft() {
    return this.system.isLeft ? (await this.db.query({ name: "is-left", text: this.system.isLeft })).rows[0].n : (await this.left()) > 0;
  }

  // Waits until all is done, but no longer; says whether it is.
  async drained(patience, pause = LOOK_MS) {
    const end = performance.now() + patience;
    while (await this.#isLeft()) {
      if (performance.now() > end) return false;
      await sleep(pause);
    }
    return true;
  }

  // CPU from now on, each time it is called, in seconds: of the workers, and of what keeps the jobs.
  meter() {
    const [pids, postgres] = [this.pids, meter({ postmaster: postmaster() })];
    const before = pids.map(ofProcess);
    return () => {
      const own = pids.reduce((sum, pid, place) => sum + ofProcess(pid) - before[place], 0);
      return own + (this.redis ? 0 : postgres().postgres);
    };
  }

  // Kills every worker, and starts others at once.
  async killWorkers() {
    const killed = this.#workers;
    this.#workers = [];
    await Promise.all(killed.map((child) => (child.kill("SIGKILL"), child.exitCode ?? child.signalCode ?? once(child, "exit"))));
    this.startWorkers();
  }

  async restartServer() {
    if (this.redis) return this.redis.restart();
    await this.db.end().catch(() => {});
    await restartPostgres();
    this.db = await connected(this.database);
  }

  async close() {
    const all = [...this.#workers, ...(this.queuer ? [this.queuer] : [])];
    this.#workers = [];
    const gone = all.map((child) => (child.exitCode ?? child.signalCode) === null && once(child, "exit"));
    for (const child of all) child.kill();
    const late = setTimeout(() => all.forEach((child) => child.kill("SIGKILL")), GRACE_MS);
    await Promise.all(gone);
    clearTimeout(late);
    closeSync(this.#log);
    await this.holder?.end();
    await this.db?.end().catch(() => {});
    await this.redis?.end();
    await sql(`drop database if exists ${this.database} with (force)`);
  }
}

// Does something with a run, and ends it. A peer that fails is said, and has no figures; Trunkline may not fail.
export const during = async (system, concurrency, told, doing) => {
  const run = new Run(system, concurrency, told);
  try {
    await run.open();
    return await doing(run);
  } catch (error) {
    if (system.isOurs) throw error;
    console.error(`jobs: without ${system.name}, ${concurrency} at once: ${error.message}`);
    return {};
  } finally {
    await run.close();
  }
};
