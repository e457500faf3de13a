// PostgreSQL, instances and a network for the stories of the client library, all of them real and easily broken.

import { execFile, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Trunkline } from "../../src/web/client/trunkline.js";

const PROGRAM = process.env.TRUNKLINE ?? new URL("../../target/debug/trunkline", import.meta.url).pathname;
/** What is waited for comes much sooner, unless the machine is busy. */
const PATIENCE_MS = 60_000;

export { sleep };

/** Waits until something is so. */
export async function until(what, isSo, withinMs = PATIENCE_MS) {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await isSo();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`in vain: ${what}`);
    await sleep(25);
  }
}

/** The first port that connections take theirs from: below it none of them gets in the way of who is to listen there. */
const FIRST_EPHEMERAL = Number(readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").trim().split(/\s+/)[0]);
const QUIET = FIRST_EPHEMERAL > 14_000 ? [FIRST_EPHEMERAL - 12_000, FIRST_EPHEMERAL] : [20_000, 32_000];

/** A free port, which nobody takes for a while. */
export async function freePort() {
  for (;;) {
    const port = QUIET[0] + Math.floor(Math.random() * (QUIET[1] - QUIET[0]));
    const server = net.createServer();
    const isFree = await new Promise((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

function newestBin() {
  const root = "/usr/lib/postgresql";
  const versions = readdirSync(root).sort((one, other) => Number(other) - Number(one));
  return join(root, versions[0], "bin");
}

/** A PostgreSQL of one's own. */
export class Postgres {
  #child;

  static async start() {
    const self = new Postgres();
    self.folder = mkdtempSync(join(tmpdir(), "trunkline-client-"));
    self.bin = newestBin();
    self.as = {};
    if (process.getuid() === 0) {
      const id = (flag) => Number(execFileSync("id", [flag, "postgres"]));
      self.as = { uid: id("-u"), gid: id("-g") };
      chownSync(self.folder, self.as.uid, self.as.gid);
    }
    chmodSync(self.folder, 0o700);
    const args = ["-D", self.folder, "-U", "trunkline", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"];
    execFileSync(join(self.bin, "initdb"), args, { ...self.as, cwd: "/", stdio: "pipe" });
    self.port = await freePort();
    self.url = `postgres://trunkline@127.0.0.1:${self.port}/postgres`;
    await self.up();
    return self;
  }

  async up() {
    const settings = ["fsync=off", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"];
    const args = ["-D", this.folder, "-p", String(this.port), ...settings.flatMap((one) => ["-c", one])];
    this.#child = spawn(join(this.bin, "postgres"), args, { ...this.as, cwd: "/", stdio: "ignore" });
    // It takes connections before it takes anybody in.
    await until("PostgreSQL starts", () => isReady(join(this.bin, "pg_isready"), this.port));
  }

  /** Ends it at once, as a crash would: `SIGQUIT`. */
  async down(signal = "SIGQUIT") {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }

  async end() {
    await this.down();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function isReady(program, port) {
  return new Promise((resolve) => execFile(program, ["-q", "-h", "127.0.0.1", "-p", String(port)], (error) => resolve(!error)));
}

/** A running instance. */
export class Instance {
  static async start(postgres, env = {}) {
    const self = new Instance();
    self.port = await freePort();
    self.base = `http://127.0.0.1:${self.port}`;
    self.folder = mkdtempSync(join(tmpdir(), "trunkline-client-"));
    self.said = "";
    const settings = {
      PATH: process.env.PATH,
      HOME: self.folder,
      DATABASE_URL: postgres.url,
      TRUNKLINE_DATA_DIR: self.folder,
      TRUNKLINE_DATABASE__POOL_SIZE: "8",
      TRUNKLINE_HTTP__ADDR: `127.0.0.1:${self.port}`,
      TRUNKLINE_AUTH__JWT_SECRET: "0123456789abcdef0123456789abcdef",
      TRUNKLINE_SECRETS__KEY: "t1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
      TRUNKLINE_AUTH__BCRYPT_COST: "4",
      TRUNKLINE_LIMITS__ENABLED: "false",
      TRUNKLINE_LOG__LEVEL: "warn",
      ...env,
    };
    self.child = spawn(PROGRAM, ["serve", "--migrate"], { env: settings, cwd: self.folder, stdio: ["ignore", "ignore", "pipe"] });
    self.child.stderr.on("data", (text) => (self.said += text));
    await until("the instance is ready", async () => {
      if (self.child.exitCode !== null) throw new Error(`the instance ended: ${self.said}`);
      return fetch(`${self.base}/health/ready`).then((answer) => answer.ok, () => false);
    });
    return self;
  }

  /** `SIGKILL` ends it without a word, `SIGTERM` lets it say good-bye. */
  async end(signal = "SIGKILL") {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = new Promise((resolve) => this.child.once("exit", resolve));
      this.child.kill(signal);
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The network between a client and its servers: it can be cut, fall silent, and be slow. */
export class Network {
  #pairs = new Set();
  #isSilent = false;
  isCut = false;
  delayMs = 0;
  /** How many connections came through. */
  connections = 0;

  static async to(...targets) {
    const self = new Network();
    self.targets = targets.map(({ port }) => port);
    self.server = net.createServer((near) => self.#carry(near));
    self.server.listen(0, "127.0.0.1");
    await new Promise((resolve) => self.server.once("listening", resolve));
    self.port = self.server.address().port;
    self.base = `http://127.0.0.1:${self.port}`;
    return self;
  }

  #carry(near) {
    near.on("error", () => {});
    if (this.isCut) return near.destroy();
    this.connections += 1;
    this.#dial(near, [...this.targets]);
  }

  /** To the first server that answers, as a balancer does. */
  #dial(near, [port, ...others]) {
    if (!port) return near.destroy();
    const far = net.connect(port, "127.0.0.1");
    far.once("error", () => this.#dial(near, others));
    far.once("connect", () => {
      const pair = { near, far, isSilent: false };
      this.#pairs.add(pair);
      for (const [from, to] of [[near, far], [far, near]]) {
        from.on("data", (bytes) => this.#pass(pair, to, bytes));
        from.on("error", () => {});
        from.on("close", () => {
          this.#pairs.delete(pair);
          if (!pair.isSilent) setTimeout(() => to.destroy(), this.delayMs + 5);
        });
      }
    });
  }

  async #pass(pair, to, bytes) {
    if (pair.isSilent || this.#isSilent) return;
    // A timer each keeps their order: all wait equally long.
    if (this.delayMs) await sleep(this.delayMs);
    if (!pair.isSilent && !to.destroyed) to.write(bytes);
  }

  /** Every connection ends, and none is taken. */
  cut() {
    this.isCut = true;
    this.reset();
  }

  /** Every connection ends now; new ones are taken. */
  reset() {
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  /** What is open now stays so and carries nothing ever again; new connections work. */
  freeze() {
    for (const pair of this.#pairs) pair.isSilent = true;
  }

  /** Nothing passes. */
  silence(isSilent) {
    this.#isSilent = isSilent;
    if (isSilent) this.freeze();
  }

  heal() {
    this.isCut = false;
    this.#isSilent = false;
    this.delayMs = 0;
  }

  end() {
    this.cut();
    this.server.close();
  }
}

let names = 0;

/** Somebody with an account, signed in at a server. */
export async function person(base, name = "Somebody", options = {}) {
  const email = `p${process.pid}x${++names}@example.com`;
  const client = new Trunkline({ url: base, ...options });
  await client.register({ email, password: "trunkline1", name });
  await client.signIn({ email, password: "trunkline1" });
  client.email = email;
  return client;
}

/** The same person by another way, or on another device. */
export async function another(client, base, options = {}) {
  const other = new Trunkline({ url: base, ...options });
  await other.signIn({ email: client.email, password: "trunkline1" });
  other.email = client.email;
  return other;
}

/** What the server shows of a chat now. */
export async function snapshot(rest, chatId) {
  const row = (await rest.all("/chats", {})).find(({ id }) => id === chatId);
  if (!row) return null;
  const messages = await history(rest, chatId);
  const members = await rest.all(`/chats/${chatId}/members`, {});
  return shape(row, messages, members);
}

/** Every message, oldest first. */
export async function history(rest, chatId) {
  const messages = [];
  for (let before; ; before = messages[0].seq) {
    const { items } = await rest.get(`/chats/${chatId}/messages`, { limit: 100, before_seq: before });
    messages.unshift(...items.reverse());
    if (items.length < 100) return messages;
  }
}

/** What a client shows of an open chat. */
export function shown(client, chatId) {
  const chat = client.chat(chatId);
  if (!chat) return null;
  const { messages, members, typing, hasOlder, hasNewer, ...row } = chat;
  return shape(row, messages, members);
}

function shape(row, messages, members) {
  members = [...members].sort((one, other) => (one.user_id < other.user_id ? -1 : 1));
  // The links of files are made anew for each answer.
  return JSON.parse(JSON.stringify({ row, messages, members }));
}
