// Jobs a second and milliseconds of a lone job, of each system in a database of its own; and the same a second while somebody holds
// an old snapshot, so that nothing of what was done can be cleaned up.
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const { SERVER, TRUNKLINE, PYTHON, JOBS, LONE } = process.env;
const [many, lone] = [Number(JOBS), Number(LONE)];
const secrets = {
  TRUNKLINE_AUTH__JWT_SECRET: "x".repeat(48),
  TRUNKLINE_SECRETS__KEY: `1:${Buffer.alloc(32, 7).toString("base64")}`,
  TRUNKLINE_LOG__LEVEL: "error",
};

// How each is set up, given jobs and asked how many are left.
const SYSTEMS = {
  trunkline: {
    worker: [TRUNKLINE, "work"],
    setUp: [TRUNKLINE, "migrate"],
    queue: "insert into jobs (task) select 'echo' from generate_series(1, $1::integer)",
    left: "select count(*)::int as n from only jobs where task = 'echo'",
  },
  "graphile-worker": {
    worker: [process.execPath, "jobs_worker.mjs", "graphile"],
    setUp: [process.execPath, "jobs_worker.mjs", "graphile", "set-up"],
    queue: "select count(graphile_worker.add_job('echo', '{}'::json)) from generate_series(1, $1::integer)",
    left: "select count(*)::int as n from graphile_worker._private_jobs",
  },
  "pg-boss": {
    worker: [process.execPath, "jobs_worker.mjs", "boss"],
    setUp: [process.execPath, "jobs_worker.mjs", "boss", "set-up"],
    queue: "insert into pgboss.job (name, data) select 'echo', '{}' from generate_series(1, $1::integer)",
    left: "select count(*)::int as n from pgboss.job where name = 'echo' and state < 'completed'",
  },
  ...(PYTHON && {
    procrastinate: {
      worker: [PYTHON, "jobs_worker.py"],
      setUp: [PYTHON, "jobs_worker.py", "set-up"],
      queue: `select count(procrastinate_defer_jobs_v1(array[row('default', 'echo', 0, null, null, '{}', null)::procrastinate_job_to_defer_v1]))
        from generate_series(1, $1::integer)`,
      left: "select count(*)::int as n from procrastinate_jobs where status in ('todo', 'doing')",
    },
  }),
};

const start = ([program, ...args], url, pool) =>
  spawn(program, args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...secrets, DATABASE_URL: url, TRUNKLINE_DATABASE__POOL_SIZE: pool },
    stdio: ["ignore", "ignore", "inherit"],
  });
const ended = (child) => new Promise((done, failed) => child.on("exit", (code) => (code ? failed(Error(`exit ${code}`)) : done())));

const measure = async (name, { worker, setUp, queue, left }) => {
  const database = name.replace("-", "_");
  const server = new pg.Client(`${SERVER}/postgres`);
  await server.connect();
  await server.query(`create database ${database}`);
  await server.end();
  const url = `${SERVER}/${database}`;
  await ended(start(setUp, url, "32"));
  const [db, holder] = [new pg.Client(url), new pg.Client(url)];
  await Promise.all([db.connect(), holder.connect()]);
  const drained = async (pause) => {
    while ((await db.query(left)).rows[0].n > 0) await sleep(pause);
  };
  const rate = async () => {
    const begun = performance.now();
    await db.query(queue, [many]);
    await drained(20);
    return (many * 1e3) / (performance.now() - begun);
  };
  const child = start(worker, url, "32");
  try {
    await db.query(queue, [10]);
    await drained(20);
    const plain = await rate();
    const times = [];
    for (let n = 0; n < lone; n += 1) {
      const begun = performance.now();
      await db.query(queue, [1]);
      await drained(0);
      times.push(performance.now() - begun);
      await sleep(20);
    }
    times.sort((one, other) => one - other);
    await holder.query("begin isolation level repeatable read");
    await holder.query(left);
    await rate();
    const held = await rate();
    await holder.query("commit");
    const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
    return { plain, median: at(0.5), slow: at(0.99), held };
  } finally {
    child.kill();
    await Promise.all([db.end(), holder.end()]);
  }
};

console.log("| system | jobs/s | a lone job, ms: median | 99 of 100 | jobs/s under an old snapshot |\n|---|---|---|---|---|");
for (const [name, system] of Object.entries(SYSTEMS)) {
  const { plain, median, slow, held } = await measure(name, system);
  console.log(`| ${name} | ${plain.toFixed()} | ${median.toFixed(1)} | ${slow.toFixed(1)} | ${held.toFixed()} |`);
}
