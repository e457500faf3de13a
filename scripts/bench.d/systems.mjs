// The two that are compared, behind one face: open(chats, sockets, heard) connects everybody, send(chat, content) says something
// and waits until it is acknowledged, close() lets everybody go.
import { randomUUID } from "node:crypto";
import { io } from "socket.io-client";
import WebSocket from "ws";

// How many people send: each over a connection of their own.
const SENDERS = 5;

export class Trunkline {
  constructor(url) {
    this.url = url;
    this.api = `${url}/api/v1`;
  }

  async call(method, path, body, token) {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(this.api + path, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  }

  async connect(path, token, heard) {
    const socket = new WebSocket(`${this.api.replace("http", "ws")}${path}`, {
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
    });
    await new Promise((resolve, reject) => {
      socket.on("error", reject);
      socket.on("message", (data) => {
        const frame = JSON.parse(data);
        if (frame.type === "welcome") resolve();
        heard(frame);
      });
    });
    return socket;
  }

  async open(chats, sockets, heard) {
    const tokens = [];
    for (let n = 0; n < Math.max(SENDERS, sockets); n++) {
      const who = { email: `quiet.${randomUUID()}@example.com`, password: "trunkline1", name: "Quiet" };
      await this.call("POST", "/auth/register", who);
      tokens.push((await this.call("POST", "/auth/login", who)).access_token);
    }
    this.chats = [];
    for (let n = 0; n < chats; n++) {
      const chat = await this.call("POST", "/chats", { title: `quiet ${randomUUID()}` }, tokens[0]);
      for (const token of tokens.slice(1)) await this.call("POST", `/chats/${chat.id}/join`, undefined, token);
      this.chats.push(chat.id);
    }
    this.sockets = [];
    for (const [place, chat] of this.chats.entries()) {
      for (let n = 0; n < sockets; n++) {
        const told = (frame) => frame.type === "new_message" && heard(place, n, frame.message.content);
        this.sockets.push(await this.connect(`/chats/${chat}`, tokens[n], told));
      }
    }
    this.waiting = new Map();
    this.senders = [];
    for (const token of tokens.slice(0, SENDERS)) {
      this.senders.push(
        await this.connect("/ws", token, ({ type, ref, code }) => {
          if (type === "ack" || type === "error") this.waiting.get(ref)?.(code);
        }),
      );
    }
    this.count = 0;
  }

  async send(place, content) {
    const ref = ++this.count;
    const command = { type: "chat.send", ref, chat_id: this.chats[place], content, client_id: String(ref) };
    const acknowledged = new Promise((resolve) => this.waiting.set(ref, resolve));
    this.senders[ref % SENDERS].send(JSON.stringify(command));
    const code = await acknowledged;
    this.waiting.delete(ref);
    if (code) throw new Error(`a send was answered ${code}`);
  }

  close() {
    for (const socket of [...this.sockets, ...this.senders]) socket.terminate();
  }
}

export class Peer {
  constructor(url) {
    this.url = url;
  }

  async connect() {
    const socket = io(this.url, { transports: ["websocket"], forceNew: true });
    await new Promise((resolve, reject) => {
      socket.on("connect", resolve);
      socket.on("connect_error", reject);
    });
    return socket;
  }

  async open(chats, sockets, heard) {
    this.sockets = [];
    for (let place = 0; place < chats; place++) {
      for (let n = 0; n < sockets; n++) {
        const socket = await this.connect();
        socket.on("message", ({ content }) => heard(place, n, content));
        await socket.emitWithAck("join", String(place));
        this.sockets.push(socket);
      }
    }
    this.senders = [];
    for (let n = 0; n < SENDERS; n++) this.senders.push(await this.connect());
    this.count = 0;
  }

  async send(place, content) {
    await this.senders[++this.count % SENDERS].emitWithAck("send", { chat: String(place), content });
  }

  close() {
    for (const socket of [...this.sockets, ...this.senders]) socket.disconnect();
  }
}
