// A worker of graphile-worker or pg-boss, eight jobs at once, or with `set-up` its tables.
import { run, runMigrations } from "graphile-worker";
import PgBoss from "pg-boss";

const [system, setUp] = process.argv.slice(2);
const connectionString = process.env.DATABASE_URL;
const echo = async (payload) => payload;

if (system === "graphile") {
  if (setUp) await runMigrations({ connectionString });
  else await run({ connectionString, concurrency: 8, noHandleSignals: true, taskList: { echo }, logger: undefined });
} else {
  const boss = new PgBoss(connectionString);
  boss.on("error", console.error);
  await boss.start();
  await boss.createQueue("echo");
  if (setUp) await boss.stop({ graceful: false });
  else for (let n = 0; n < 8; n += 1) await boss.work("echo", { pollingIntervalSeconds: 0.5 }, ([job]) => echo(job.data));
}
