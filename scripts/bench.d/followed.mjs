// How long it takes until everything is followed, and until an INSERT is heard again when the connection that LISTENs is lost.
//
// node followed.mjs URL CHATS TOKEN…, with PGHOST, PGUSER and PGDATABASE: everybody opens a gateway socket that follows all their
// chats, CHATS together. Prints both times in milliseconds.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { WebSocket } from "./wire.mjs";

const [url, chats, ...tokens] = process.argv.slice(2);
const PATIENCE_MS = 60_000;
const LOST = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name like 'trunkline listener%'`;
const psql = async (sql) => (await promisify(execFile)("psql", ["-qAtc", sql])).stdout.trim();

let heard = () => {};
const open = (token) =>
  new Promise((resolve) => {
    const headers = `Authorization: Bearer ${token}\r\n`;
    new WebSocket(new URL(url).port, "/api/v1/ws?subscribe=all", headers, (bytes, start, end) => {
      const text = bytes.toString("utf8", start, end);
      if (text.startsWith('{"type":"welcome"')) resolve(JSON.parse(text).chats.map(({ chat_id }) => chat_id));
      else if (text.includes("who hears this")) heard();
    });
  });

const begin = performance.now();
const followed = (await Promise.all(tokens.map(open))).flat();
console.log((performance.now() - begin).toFixed());
if (followed.length !== Number(chats)) throw new Error(`${followed.length} chats are followed, not ${chats}`);

setTimeout(() => {
  throw new Error("the INSERT was never heard");
}, PATIENCE_MS).unref();
if ((await psql(LOST)) !== "t") throw new Error("nothing LISTENed");
const lost = performance.now();
const arrived = new Promise((resolve) => {
  heard = resolve;
});
await psql(`insert into messages (chat_id, content, kind) values ('${followed.at(-1)}', 'who hears this', 'system')`);
await arrived;
console.log((performance.now() - lost).toFixed());
process.exit();
