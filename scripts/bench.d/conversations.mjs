// Chats with some sockets on each: one message at a time, and as many as are taken.
import { setTimeout as sleep } from "node:timers/promises";
import { Audience, content } from "./audience.mjs";
import { each } from "./systems.mjs";

export class Conversations {
  constructor(system, { audience, meter }) {
    Object.assign(this, { system, audience, meter });
  }

  async open(chats, sockets) {
    this.sockets = sockets;
    this.rooms = await each(Array.from({ length: chats }), 4, () => this.system.room());
    const places = this.rooms.flatMap((room) => Array.from({ length: sockets }, (_, number) => [room, number]));
    this.watchers = await each(places, 32, ([room, number]) => this.system.watch(room, number, this.audience));
  }

  close() {
    for (const { socket } of this.watchers) socket.close();
  }

  // So many a second, by the clock and not by the answers.
  async paced(rate, seconds) {
    this.audience.begin();
    const count = rate * seconds;
    const used = this.meter();
    const [begin, sends] = [performance.now(), []];
    for (let n = 0; n < count; n++) {
      const early = begin + (n * 1e3) / rate - performance.now();
      if (early > 0) await sleep(early);
      sends.push(this.system.send(n, this.rooms[n % this.rooms.length], content()));
    }
    await Promise.all(sends);
    await this.audience.until(count * this.sockets);
    const { both, postgres } = used();
    const [p50, p99] = [this.audience.share(0.5), this.audience.share(0.99)];
    return { p50, p99, cpu: (both * 1e3) / count, postgres: (postgres * 1e3) / count };
  }

  // Every sender as fast as they are answered, over the chats in strides that differ.
  async full(senders, seconds) {
    this.audience.begin();
    const used = this.meter();
    const begin = performance.now();
    let count = 0;
    const one = async (number) => {
      for (let place = number * 7; performance.now() < begin + seconds * 1e3; count++) {
        place += 2 * number + 1;
        await this.system.send(number, this.rooms[place % this.rooms.length], content());
      }
    };
    await Promise.all(Array.from({ length: senders }, (_, number) => one(number)));
    const took = (performance.now() - begin) / 1e3;
    await this.audience.until(count * this.sockets);
    const { both } = used();
    // What is put off is work as well: the index of words is written by a job.
    await this.system.settle();
    return { rate: count / took, cpu: (both * 1e3) / count, after: (used().both * 1e3) / count };
  }
}
