// PostgreSQL by itself, by pgbench (PGHOST, PGPORT, PGUSER and PGPASSWORD say where).
import { execFile } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const ALWAYS = ["--no-vacuum", "--protocol=prepared"];

// So many plain INSERTs a second into a table with a trigger that notifies: milliseconds of PostgreSQL's CPU for each, once the
// session is warm.
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
  const ended = readFileSync(`${folder}/${name}`, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" ").map(Number))
    .map(([, , , , second, micros]) => second * 1e3 + micros / 1e3);
  const count = ended.filter((at) => at > begin && at <= end).length;
  return count > 0 ? { postgres: (postgres * 1e3) / count } : {};
};

// As many as so many clients get done, each numbering a row as ours are: inserts a second.
export const full = async ({ pgbench, script, cores }, { clients, chats, seconds }) => {
  const many = [`--client=${clients}`, `--jobs=${cores}`, `--define=chats=${chats}`];
  const { stdout } = await run(pgbench, [...ALWAYS, ...many, `--time=${seconds}`, `--file=${script}`, "trunkline"]);
  return { rate: Number(/^tps = ([\d.]+)/m.exec(stdout)[1]) };
};
