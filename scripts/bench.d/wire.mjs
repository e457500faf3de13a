// Connections that cost the generator little, and the same for every system: all of them read into one buffer, and what came is
// looked at there.
import { connect } from "node:net";

const INPUT = Buffer.allocUnsafeSlow(65_536);
const NOTHING = Buffer.alloc(0);

// What is read is handed to parse(bytes), which answers how much of it was whole; the rest comes again with what follows it.
// ended(error) is called when the connection is over.
class Wire {
  #rest = NOTHING;

  constructor(port) {
    this.port = port;
    this.connect();
  }

  connect() {
    const socket = connect({
      host: "127.0.0.1",
      port: this.port,
      noDelay: true,
      onread: { buffer: INPUT, callback: (length) => this.#take(INPUT.subarray(0, length)) },
    });
    const ended = (error) => socket === this.socket && this.ended(error);
    socket.on("error", ended);
    socket.on("close", () => ended(new Error("the server closed a connection")));
    this.socket = socket;
  }

  #take(read) {
    const bytes = this.#rest.length === 0 ? read : Buffer.concat([this.#rest, read]);
    const used = this.parse(bytes);
    this.#rest = used === bytes.length ? NOTHING : Buffer.from(bytes.subarray(used));
    return true;
  }

  close() {
    this.ended = () => {};
    this.socket.destroy();
  }
}

// Counts what comes.
export class Counted extends Wire {
  constructor(port, heard) {
    super(port);
    this.parse = (bytes) => {
      heard(bytes.length);
      return bytes.length;
    };
    this.opened = new Promise((resolve, reject) => {
      this.socket.on("connect", resolve);
      this.ended = reject;
    });
  }
}

// A connection that is kept as long as the server keeps it, and answers in the order of the requests.
export class Http extends Wire {
  #waiting = [];

  // Sends a request; answers its status and its body, which is good until something else is read.
  ask(request) {
    if (this.socket.readableEnded || this.socket.destroyed) this.connect();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.socket.write(request);
    });
  }

  ended(error) {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  parse(bytes) {
    for (let at = 0; ; ) {
      const head = bytes.indexOf("\r\n\r\n", at) + 4;
      if (head < 4) return at;
      const said = bytes.latin1Slice(at, head);
      const end = head + Number(/\r\ncontent-length: *(\d+)/i.exec(said)?.[1] ?? 0);
      if (bytes.length < end) return at;
      this.#waiting.shift().resolve({ status: Number(said.slice(9, 12)), body: bytes.subarray(head, end) });
      at = end;
    }
  }
}

export const request = (method, path, headers = "", body = "") =>
  `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const [TEXT, PING, PONG] = [1, 9, 10];

// heard(bytes, start, end) is called with every text, where it was read.
export class WebSocket extends Wire {
  #isOpen = false;

  constructor(port, path, headers, heard) {
    super(port);
    this.heard = heard;
    this.socket.write(
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}Connection: Upgrade\r\nUpgrade: websocket\r\n` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
  }

  ended(error) {
    throw error;
  }

  parse(bytes) {
    let at = 0;
    if (!this.#isOpen) {
      at = bytes.indexOf("\r\n\r\n") + 4;
      if (at < 4) return 0;
      const status = bytes.latin1Slice(9, 12);
      if (status !== "101") throw new Error(`a socket was refused with ${status}`);
      this.#isOpen = true;
    }
    for (;;) {
      const [start, end] = ends(bytes, at);
      if (!(end <= bytes.length)) return at;
      const kind = bytes[at] & 15;
      if (kind === TEXT) this.heard(bytes, start, end);
      else if (kind === PING) this.#write(PONG, bytes.latin1Slice(start, end));
      at = end;
    }
  }

  // ASCII alone.
  send(text) {
    this.#write(TEXT, text);
  }

  // Masked with zeros, a text stays as it is.
  #write(kind, text) {
    const length = text.length;
    const head = length < 126 ? [128 | kind, 128 | length] : [128 | kind, 254, length >> 8, length & 255];
    const frame = Buffer.alloc(head.length + 4 + length);
    frame.set(head);
    frame.latin1Write(text, head.length + 4);
    this.socket.write(frame);
  }
}

// Where the payload of the frame that begins here begins and ends, as far as that is known.
const ends = (bytes, at) => {
  if (bytes.length < at + 2) return [];
  const length = bytes[at + 1];
  if (length < 126) return [at + 2, at + 2 + length];
  const start = at + (length === 126 ? 4 : 10);
  if (bytes.length < start) return [];
  return [start, start + (length === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2)))];
};

// The number that follows this, in what begins here.
export const numberAfter = (bytes, words, start) => {
  let number = 0;
  for (let at = bytes.indexOf(words, start) + words.length; bytes[at] >= 48 && bytes[at] <= 57; at++) {
    number = number * 10 + bytes[at] - 48;
  }
  return number;
};
