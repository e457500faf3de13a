// PostgreSQL by itself, by pgbench (PGHOST, PGPORT, PGUSER and PGPASSWORD say where).
import { execFile } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const ALWAYS = ["--no-vacuum", "--protocol=prepared"];

// So many plain INSERTs a second into a table with a trigger that notifies: milliseconds of PostgreSQL's CPU for each, and how many pass
// until it has answered, once the session is warm.
export const paced = async ({ warmMs, pgbench, script, folder, meter }, rate, seconds) => {
  const prefix = `paced-${performance.now().toFixed()}`;
  const time = Math.ceil(seconds + warmMs / 1e3);
  const log = ["--log", `--log-prefix=${folder}/${prefix}`];
  const ran = run(pgbench, [...ALWAYS, ...log, `--rate=${rate}`, `--time=${time}`, `--file=${script}`, "plain"]);
  await sleep(warmMs);
  const [used, begin] = [meter(), Date.now()];
  await sleep(seconds * 1e3);
  const [{ postgres }, end] = [used(), Date.now()];
  await ran;
  const [name] = readdirSync(folder).filter((file) => file.startsWith(`${prefix}.`));
  const took = readFileSync(`${folder}/${name}`, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" ").map(Number))
    // When it ended; and how late it began is no fault of the server.
    .map(([, , micros, , second, part, late]) => ({ at: second * 1e3 + part / 1e3, ms: (micros - late) / 1e3 }))
    .filter(({ at }) => at > begin && at <= end)
    .map(({ ms }) => ms)
    .sort((one, other) => one - other);
  if (took.length === 0) return {};
  const [p50, p99] = [0.5, 0.99].map((share) => took[Math.floor(took.length * share)]);
  return { p50, p99, postgres: (postgres * 1e3) / took.length };
};

// As many as so many clients get done, each numbering a row as ours are: inserts a second.
export const full = async ({ pgbench, script, cores }, { clients, chats, seconds }) => {
  const many = [`--client=${clients}`, `--jobs=${cores}`, `--define=chats=${chats}`];
  const { stdout } = await run(pgbench, [...ALWAYS, ...many, `--time=${seconds}`, `--file=${script}`, "trunkline"]);
  return { rate: Number(/^tps = ([\d.]+)/m.exec(stdout)[1]) };
};
