// The PostgreSQL and the Redis that jobs are kept in: asked, ended as by a crash, and started again.
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";

const { AS, BIN, DATA, FOLDER, SERVER } = process.env;

export const postmaster = () => Number(readFileSync(`${DATA}/postmaster.pid`, "utf8").split("\n", 1)[0]);

const control = (...args) => {
  const [program, ...rest] = [...AS.split(" ").filter(Boolean), `${BIN}/pg_ctl`, "-D", DATA, "-w", ...args];
  return promisify(execFile)(program, rest, { cwd: `${FOLDER}/pg` });
};

// Without a word to anybody, as when the power fails.
export const restartPostgres = async () => {
  await control("-m", "immediate", "stop");
  // pg_ctl would be waited for as long as PostgreSQL holds its output.
  await control("-l", `${FOLDER}/pg/log`, "start");
};

export const connected = async (database) => {
  const client = new pg.Client(`${SERVER}/${database}`);
  client.on("error", () => {});
  await client.connect();
  return client;
};

export const sql = async (text, database = "postgres") => {
  const client = await connected(database);
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

// An answer of Redis that is whole: [what it says, where the next begins].
const parse = (text, at = 0) => {
  const end = text.indexOf("\r\n", at);
  if (end < 0) return undefined;
  const [kind, said] = [text[at], text.slice(at + 1, end)];
  if (kind === "-") throw new Error(said);
  if (kind === ":") return [Number(said), end + 2];
  if (kind !== "$") return [said, end + 2];
  const close = end + 2 + Number(said);
  return Number(said) < 0 ? [null, end + 2] : text.length < close + 2 ? undefined : [text.slice(end + 2, close), close + 2];
};

// With Debian's defaults (a snapshot now and then, no log), or so that all is on the disc before it is acknowledged.
export class Redis {
  #waiting = [];
  #text = "";

  constructor(keepsAll) {
    mkdirSync(`${FOLDER}/redis`, { recursive: true });
    [this.keepsAll, this.folder] = [keepsAll, mkdtempSync(`${FOLDER}/redis/r`)];
  }

  async start() {
    this.port ??= await freePort();
    const log = openSync(`${this.folder}/log`, "a");
    const keeps = this.keepsAll ? ["--appendonly", "yes", "--appendfsync", "always"] : [];
    const args = ["--bind", "127.0.0.1", "--port", String(this.port), "--dir", this.folder, ...keeps];
    this.child = spawn("redis-server", args, { cwd: FOLDER, stdio: ["ignore", log, log] });
    for (let tries = 0; ; tries++) {
      try {
        await this.#connect();
        // It answers otherwise while it reads what it kept.
        await this.ask("LLEN", "celery");
        return;
      } catch (error) {
        if (tries === 100) throw error;
        await sleep(50);
      }
    }
  }

  #connect() {
    this.socket = connect(this.port, "127.0.0.1").setNoDelay().setEncoding("utf8");
    const ended = (error) => this.#waiting.splice(0).forEach(({ reject }) => reject(error ?? new Error("Redis has ended")));
    this.socket.on("close", () => ended());
    this.socket.on("data", (more) => {
      this.#text += more;
      try {
        for (let said; (said = parse(this.#text)); this.#text = this.#text.slice(said[1])) this.#waiting.shift().resolve(said[0]);
      } catch (error) {
        this.#text = "";
        ended(error);
      }
    });
    return new Promise((resolve, reject) => this.socket.once("connect", resolve).on("error", reject));
  }

  ask(...words) {
    const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.socket.write(`*${words.length}\r\n${parts.join("")}`);
    });
  }

  async end() {
    const over = new Promise((resolve) => this.child.once("exit", resolve));
    this.socket.destroy();
    this.child.kill("SIGKILL");
    await over;
  }

  async restart() {
    await this.end();
    await this.start();
  }
}
