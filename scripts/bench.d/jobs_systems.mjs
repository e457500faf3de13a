// Who is compared: how each is set up and works, how it is given jobs, which are numbered, and asked how many are left. A job does
// nothing. `isSafe`: no job is lost when a worker or the server is killed.
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";

const { TRUNKLINE, PYTHON, PEERS, SYSTEMS: chosen } = process.env;

// Trunkline runs a quarter as many jobs at once as it has connections, eight at most: more are more processes.
const [MOST, SHARE] = [8, 4];
// The connections that everybody's process may open.
const CONNECTIONS = MOST * SHARE;
const secrets = {
  TRUNKLINE_AUTH__JWT_SECRET: "x".repeat(48),
  TRUNKLINE_SECRETS__KEY: `1:${Buffer.alloc(32, 7).toString("base64")}`,
  TRUNKLINE_LOG__FORMAT: "json",
};
const split = (all) => {
  const processes = Math.ceil(all / MOST);
  return Array.from({ length: processes }, (_, place) => Math.floor((all + place) / processes));
};

const trunkline = {
  name: "Trunkline",
  isOurs: true,
  isSafe: true,
  setUp: { command: [TRUNKLINE, "migrate"], env: { ...secrets, TRUNKLINE_LOG__LEVEL: "error" } },
  workers: (concurrency, { says }) =>
    split(concurrency).map((jobs) => ({
      command: [TRUNKLINE, "work"],
      env: {
        ...secrets,
        TRUNKLINE_DATABASE__POOL_SIZE: String(jobs * SHARE),
        TRUNKLINE_LOG__LEVEL: says ? "error,trunkline::jobs=debug" : "error",
      },
    })),
  begins: "a job begins",
  queue: "insert into jobs (task, args) select 'echo', jsonb_build_object('n', n) from generate_series($1::int, $2::int) n",
  left: "select count(*)::int as n from only jobs where task = 'echo'",
  isLeft: "select exists (select from only jobs where task = 'echo') as n",
  // Its tasks leave nothing behind: what was done is over, and how often it was begun stands there.
  ran: `select (args ->> 'n')::int as n, attempts as times from finished_jobs where task = 'echo' and status = 'succeeded' and args ? 'n'`,
};

const worker = (command, concurrency, { says, ran, env }) => [
  {
    command,
    env: {
      CONCURRENCY: String(concurrency),
      CONNECTIONS: String(CONNECTIONS),
      // Of being root, which all of it may be here.
      PYTHONWARNINGS: "ignore",
      ...(says && { SAYS: "1" }),
      ...(ran && { RAN: "1" }),
      ...env,
    },
  },
];
const peer = (name, command, rest) => ({
  name,
  isSafe: true,
  setUp: { command: [...command, "set-up"], env: { CONCURRENCY: "1", CONNECTIONS: "4" } },
  workers: (concurrency, told) => worker(command, concurrency, told),
  begins: "begun",
  ran: "select n, count(*)::int as times from ran group by n",
  ...rest,
});
const node = (system) => [process.execPath, "jobs_worker.mjs", system];
const python = (system) => [PYTHON, "jobs_worker.py", system];

// What Celery sends, written by itself once, with other names and numbers: so Redis gets jobs as fast as PostgreSQL does.
const message = (template, n) => {
  const told = JSON.parse(template);
  const [, ...rest] = JSON.parse(Buffer.from(told.body, "base64").toString());
  told.body = Buffer.from(JSON.stringify([[n], ...rest])).toString("base64");
  told.headers.id = told.headers.root_id = told.properties.correlation_id = randomUUID();
  told.properties.delivery_tag = randomUUID();
  return JSON.stringify(told);
};
// Neither is counted as safe: a worker takes a message and notes that it has it in two steps, and killed between them it loses it. With
// `keepsAll` Redis writes a log, and messages go when their jobs are done: the most that can be had.
const celery = (name, keepsAll) =>
  peer(name, python(name), {
    isSafe: false,
    keepsAll,
    usesRedis: true,
    async queueBy({ redis, template }, first, last) {
      const many = 500;
      for (let n = first; n <= last; n += many) {
        const some = Array.from({ length: Math.min(many, last - n + 1) }, (_, place) => message(template, n + place));
        await redis.ask("LPUSH", "celery", ...some);
      }
    },
    leftBy: async ({ redis }) => (await redis.ask("LLEN", "celery")) + (await redis.ask("HLEN", "unacked")),
  });

const BOSS = "insert into pgboss.job (name, data, expire_in, retry_limit) select 'echo', jsonb_build_object('n', n), '20 s', 5";
const all = [
  trunkline,
  peer("graphile-worker", node("graphile"), {
    queue: `select count(*) from graphile_worker.add_jobs((
      select array_agg(('echo', json_build_object('n', n), null, null, null, null, null, null)::graphile_worker.job_spec)
      from generate_series($1::int, $2::int) n))`,
    left: "select count(*)::int as n from graphile_worker._private_jobs",
    isLeft: "select exists (select from graphile_worker._private_jobs) as n",
  }),
  peer("pg-boss", node("boss"), {
    queue: `${BOSS} from generate_series($1::int, $2::int) n`,
    left: "select count(*)::int as n from pgboss.job where name = 'echo' and state < 'completed'",
    isLeft: "select exists (select from pgboss.job where name = 'echo' and state < 'completed') as n",
  }),
  peer("procrastinate", python("procrastinate"), {
    queue: `select procrastinate_defer_jobs_v1(array_agg(
      row('default', 'echo', 0, null, null, jsonb_build_object('n', n), null)::procrastinate_job_to_defer_v1))
      from generate_series($1::int, $2::int) n`,
    left: "select count(*)::int as n from procrastinate_jobs where status in ('todo', 'doing')",
    isLeft: "select exists (select from procrastinate_jobs where status in ('todo', 'doing')) as n",
  }),
  peer("awa", python("awa"), {
    // Its own view of what is left takes seconds; what is over stands in batches.
    over: "select coalesce(sum(completed_count), 0)::int as n from awa.receipt_completion_batches",
    queuer: python("awa").concat("queue"),
  }),
  celery("celery", false),
  celery("celery-safe", true),
];

const wanted = (chosen || `Trunkline,${PEERS}`).split(",");
export const SYSTEMS = all.filter(({ name }) => wanted.includes(name) && (name === trunkline.name || PEERS.split(",").includes(name)));
export const CORES = availableParallelism();
