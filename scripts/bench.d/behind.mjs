// How far the index of words is behind while so many messages a second are posted, out of the blue: asked every second. Prints the
// most in seconds of all that time, and of the last quarter of it.
//
// node behind.mjs URL RATE SECONDS, with PGHOST, PGUSER and PGDATABASE.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { content } from "./audience.mjs";
import { Trunkline, each } from "./systems.mjs";

const [url, rate, seconds] = process.argv.slice(2);
const SENDERS = 16;
const CHATS = 10;
const QUESTION = fileURLToPath(new URL("../../sql/bench/behind.sql", import.meta.url));

const system = new Trunkline(url);
await system.open(SENDERS);
const rooms = await each(Array.from({ length: CHATS }), 4, () => system.room());
let isOver = false;
const looks = [];
const looking = (async () => {
  while (!isOver) {
    await sleep(1000);
    looks.push(Number((await promisify(execFile)("psql", ["-qAtf", QUESTION])).stdout));
  }
})();
const [begin, sends] = [performance.now(), []];
for (let n = 0; n < rate * seconds; n++) {
  const early = begin + (n * 1e3) / rate - performance.now();
  if (early > 0) await sleep(early);
  sends.push(system.send(n, rooms[n % CHATS], content()));
}
await Promise.all(sends);
const took = (performance.now() - begin) / 1e3;
isOver = true;
await looking;
if (took > seconds * 1.2) console.error(`behind: only ${Math.round(sends.length / took)} messages a second were taken`);
for (const some of [looks, looks.slice(-looks.length / 4)]) console.log(Math.max(...some).toFixed(1));
process.exit();
