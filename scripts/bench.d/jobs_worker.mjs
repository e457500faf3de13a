// A worker of graphile-worker or pg-boss, or with `set-up` its tables: CONCURRENCY jobs at once. A job does nothing; with SAYS it says
// that it has begun, and with RAN it leaves its number in the table `ran`.
import { setTimeout as sleep } from "node:timers/promises";
import { Logger, run, runMigrations } from "graphile-worker";
import pg from "pg";
import PgBoss from "pg-boss";

const [system, setUp] = process.argv.slice(2);
const { DATABASE_URL: connectionString, CONCURRENCY, CONNECTIONS, SAYS, RAN } = process.env;
const [concurrency, connections] = [Number(CONCURRENCY), Number(CONNECTIONS)];
// PostgreSQL is restarted under it.
process.on("uncaughtException", (error) => console.error(system, error.message));
const pool = new pg.Pool({ connectionString, max: 4 });
pool.on("error", () => {});

const leave = async (n) => {
  for (;;) {
    try {
      return await pool.query("insert into ran (n) values ($1)", [n]);
    } catch {
      await sleep(200);
    }
  }
};
const echo = async (payload) => {
  if (SAYS) process.stdout.write("begun\n");
  if (RAN) await leave(payload.n);
};

if (system === "graphile") {
  if (setUp) await runMigrations({ connectionString });
  else {
    const logger = new Logger(() => () => {});
    const told = { connectionString, concurrency, maxPoolSize: connections, noHandleSignals: true, logger };
    await run({ ...told, taskList: { echo } });
  }
} else {
  const boss = new PgBoss({ connectionString, max: connections, maintenanceIntervalSeconds: 5, monitorStateIntervalSeconds: 5 });
  boss.on("error", () => {});
  await boss.start();
  await boss.createQueue("echo");
  if (setUp) await boss.stop({ graceful: false });
  else {
    // It looks every half a second, which is the least it takes, and at once after it had something to do.
    const told = { pollingIntervalSeconds: 0.5, batchSize: concurrency };
    const id = await boss.work("echo", told, async (jobs) => {
      await Promise.all(jobs.map((job) => echo(job.data)));
      boss.notifyWorker(id);
    });
  }
}
if (setUp) process.exit();
