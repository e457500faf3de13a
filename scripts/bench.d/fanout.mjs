// What a delivery costs a server, in microseconds of its CPU: ten messages a second, and in bursts.
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { content } from "./audience.mjs";
import { ofProcess } from "./proc.mjs";
import { each } from "./systems.mjs";
import { Counted } from "./wire.mjs";

// deliver(messages) ends when all have heard them: a backlog would be written at less a message, and flatter.
const costs = async ({ pid, size }, seconds, deliver) => {
  const run = async (messages, aSecond) => {
    const [before, times] = [ofProcess(pid), aSecond * seconds];
    for (let n = 0; n < times; n++) {
      const due = performance.now() + 1e3 / aSecond;
      await deliver(messages);
      await sleep(Math.max(0, due - performance.now()));
    }
    return ((ofProcess(pid) - before) * 1e6) / (times * messages * size);
  };
  return { paced: await run(1, 10), bursts: await run(16, 4) };
};

// One chat, and a socket for everybody.
export class Crowd {
  constructor(system, audience) {
    [this.system, this.audience] = [system, audience];
  }

  async open(size) {
    this.size = size;
    this.room = await this.system.room();
    const watch = (_, number) => this.system.watch(this.room, number, this.audience);
    this.watchers = await each(Array.from({ length: size }), 32, watch);
  }

  run(seconds) {
    return costs({ pid: this.system.pid, size: this.size }, seconds, async (messages) => {
      this.audience.begin();
      const say = (_, number) => this.system.send(number, this.room, content());
      await Promise.all(Array.from({ length: messages }, say));
      await this.audience.until(messages * this.size);
    });
  }

  // How many bytes a delivery has.
  get frame() {
    return Math.round(this.audience.bytes / this.audience.heard);
  }

  close() {
    for (const { socket } of this.watchers) socket.close();
  }
}

// As many sockets, and write(2) alone (floor.rs).
export class Floor {
  async open(program, size) {
    this.size = size;
    this.process = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    const port = Number(await new Promise((resolve) => this.process.stdout.once("data", resolve)));
    this.sockets = await each(Array.from({ length: size }), 32, async () => {
      const socket = new Counted(port, (bytes) => this.#hear(bytes));
      await socket.opened;
      return socket;
    });
  }

  #hear(bytes) {
    this.left -= bytes;
    if (this.left === 0) this.heard();
  }

  run(seconds, frame) {
    return costs({ pid: this.process.pid, size: this.size }, seconds, (messages) => {
      this.left = messages * frame * this.size;
      this.process.stdin.write(`${messages} ${frame}\n`);
      return new Promise((resolve) => {
        this.heard = resolve;
      });
    });
  }

  close() {
    for (const socket of this.sockets) socket.close();
    this.process.kill();
  }
}
