// The two that are compared, behind one face: open(senders) connects who sends, room() makes a chat, watch() opens a socket on
// it and answers who watches when everything missed was heard, send() says something and waits until it is acknowledged,
// latest() is the request for the end of a chat, and settle() waits until what was put off is done.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Http, WebSocket, numberAfter, request } from "./wire.mjs";

const [REF, SEQ, ID] = ['"ref":', '"seq":', '"id":'].map((words) => Buffer.from(words));
// How the types of frames begin, behind {"type":": new_message, error, welcome, caught_up, ack.
const [N, E, W, C, A] = Buffer.from("newca");
const ZERO = 48;

// Does something for all of them, so many at once.
export const each = async (all, atOnce, doing) => {
  const [results, rest] = [[], all.entries()];
  const one = async () => {
    for (const [place, item] of rest) results[place] = await doing(item, place);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return results;
};

// How often, and how much later each time, somebody sends again what was refused, as clients do.
const TRIES = 5;
const AGAIN_MS = 200;

// Somebody who sends, and what of theirs was not answered yet.
class Sender {
  #waiting = new Map();
  #count = 0;

  send(frame) {
    const ref = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(ref, { text: frame(ref), refused: 0, resolve, reject });
      this.socket.send(this.#waiting.get(ref).text);
    });
  }

  answered(ref) {
    this.#waiting.get(ref).resolve();
    this.#waiting.delete(ref);
  }

  refused(ref, why) {
    const sent = this.#waiting.get(ref);
    if (++sent.refused === TRIES) sent.reject(new Error(why));
    else setTimeout(() => this.socket.send(sent.text), AGAIN_MS * sent.refused);
  }
}

export class Trunkline {
  database = "trunkline";
  hasGaps = false;

  constructor(url, pid) {
    [this.port, this.pid] = [new URL(url).port, pid];
  }

  async call(user, method, path, body) {
    const headers = `Content-Type: application/json\r\n${user.token ? bearer(user) : ""}`;
    const asked = request(method, `/api/v1${path}`, headers, body && JSON.stringify(body));
    const { status, body: answer } = await user.http.ask(asked);
    const text = answer.toString();
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    return text && JSON.parse(text);
  }

  async open(senders) {
    this.users = await each(Array.from({ length: senders }), 8, async () => {
      const user = { http: new Http(this.port) };
      const who = { email: `bench.${randomUUID()}@example.com`, password: "trunkline1", name: "Bench" };
      await this.call(user, "POST", "/auth/register", who);
      user.token = (await this.call(user, "POST", "/auth/login", who)).access_token;
      return user;
    });
    this.senders = await each(this.users, 8, (user) => {
      const sender = new Sender();
      return new Promise((resolve) => {
        sender.socket = new WebSocket(this.port, "/api/v1/ws", bearer(user), (bytes, start, end) => {
          const kind = bytes[start + 9];
          if (kind === W) resolve(sender);
          else if (kind === A) sender.answered(numberAfter(bytes, REF, start));
          else if (kind === E) sender.refused(numberAfter(bytes, REF, start), bytes.toString("utf8", start, end));
        });
      });
    });
  }

  // A chat that every sender is in already, as posting would let them in.
  async room({ isJoined = true } = {}) {
    const { id } = await this.call(this.users[0], "POST", "/chats", { title: `bench ${randomUUID()}` });
    if (isJoined) await each(this.users.slice(1), 32, (user) => this.call(user, "POST", `/chats/${id}/join`));
    return id;
  }

  watch(room, number, audience, after) {
    const user = this.users[number % this.users.length];
    const path = `/api/v1/chats/${room}${after === undefined ? "" : `?after_seq=${after}`}`;
    const watcher = { room, last: after };
    return new Promise((resolve) => {
      watcher.socket = new WebSocket(this.port, path, bearer(user), (bytes, start, end) => {
        const [kind, next] = [bytes[start + 9], bytes[start + 10]];
        if (kind === N && next === E) return audience.hear(watcher, numberAfter(bytes, SEQ, start), bytes, start, end);
        if (kind === W && after === undefined) {
          watcher.last = JSON.parse(bytes.toString("utf8", start, end)).chats[0].last_seq;
          resolve(watcher);
        } else if (kind === C && next === A) {
          resolve(watcher);
        }
      });
    });
  }

  send(number, room, content) {
    const command = (ref) =>
      `{"type":"chat.send","ref":${ref},"chat_id":"${room}","content":"${content}","client_id":"${ref}"}`;
    return this.senders[number % this.senders.length].send(command);
  }

  // The index of words is written by a job; one is queued as psql may queue any (PGHOST, PGPORT, PGUSER, PGPASSWORD).
  async settle() {
    const sql = async (text) => (await promisify(execFile)("psql", ["-qAtc", text, this.database])).stdout.trim();
    const id = await sql("insert into jobs (task) values ('index_messages') returning id");
    let status;
    do {
      await sleep(200);
      status = await sql(`select status from jobs where id = '${id}'`);
    } while (status === "queued" || status === "running");
    if (status !== "succeeded") throw new Error(`the index was not written: ${status}`);
  }

  latest(number, room) {
    const user = this.users[number % this.users.length];
    return request("GET", `/api/v1/chats/${room}/messages?limit=50`, bearer(user));
  }
}

const bearer = (user) => `Authorization: Bearer ${user.token}\r\n`;

// Socket.IO's frames: 0 opens, 40 is a connection, 42 an event, 43 an acknowledgement, 2 a ping and 3 its answer.
export class Peer {
  database = "peer";
  hasGaps = true;
  #rooms = 0;

  constructor(url, pid) {
    [this.port, this.pid] = [new URL(url).port, pid];
  }

  connect(connected, acknowledged, event) {
    const socket = new WebSocket(this.port, "/socket.io/?EIO=4&transport=websocket", "", (bytes, start, end) => {
      const [kind, next] = [bytes[start] - ZERO, bytes[start + 1] - ZERO];
      if (kind === 0) socket.send("40");
      else if (kind === 2) socket.send("3");
      else if (next === 0) connected();
      else if (next === 3) acknowledged(bytes, start, end);
      else if (next === 2) event(bytes, start, end);
    });
    return socket;
  }

  async open(senders) {
    this.senders = await each(Array.from({ length: senders }), 8, () => {
      const sender = new Sender();
      const acknowledged = (bytes, start) => sender.answered(numberAfter(bytes, "43", start));
      return new Promise((resolve) => {
        sender.socket = this.connect(() => resolve(sender), acknowledged);
      });
    });
  }

  async room() {
    return String(++this.#rooms);
  }

  watch(room, number, audience, after) {
    const watcher = { room, last: after ?? 0 };
    return new Promise((resolve) => {
      const hear = (bytes, start, end) => audience.hear(watcher, numberAfter(bytes, ID, start), bytes, start, end);
      const join = () => watcher.socket.send(`420${JSON.stringify(["join", { chat: room, after }])}`);
      const joined = (bytes, start, end) => {
        for (const missed of JSON.parse(bytes.toString("utf8", start + 3, end))[0]) {
          const text = Buffer.from(JSON.stringify(missed));
          hear(text, 0, text.length);
        }
        resolve(watcher);
      };
      watcher.socket = this.connect(join, joined, hear);
    });
  }

  send(number, room, content) {
    const event = (ref) => `42${ref}["send",{"chat":"${room}","content":"${content}"}]`;
    return this.senders[number % this.senders.length].send(event);
  }

  async settle() {}

  latest(number, room) {
    return request("GET", `/messages?chat=${room}&limit=50`);
  }
}
