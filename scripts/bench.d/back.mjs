// A crowd that is dropped, and comes back at once: how long it takes until everybody has what they missed.
import { content } from "./audience.mjs";
import { each } from "./systems.mjs";

// Over how many chats they are spread, and what is said in each meanwhile.
const ROOMS = 20;
const MISSED = 10;

export class Returning {
  constructor(system, audience, calm) {
    [this.system, this.audience, this.calm] = [system, audience, calm];
  }

  async open(size) {
    this.rooms = await each(Array.from({ length: ROOMS }), 4, () => this.system.room());
    const places = Array.from({ length: size }, (_, number) => this.rooms[number % ROOMS]);
    this.watchers = await each(places, 32, (room, number) => this.system.watch(room, number, this.audience));
  }

  async run() {
    this.close();
    for (const room of this.rooms) for (let n = 0; n < MISSED; n++) await this.system.send(0, room, content());
    await this.calm();
    this.audience.begin();
    const begin = performance.now();
    const back = ({ room, last }, number) => this.system.watch(room, number, this.audience, last);
    this.watchers = await Promise.all(this.watchers.map(back));
    const seconds = (performance.now() - begin) / 1e3;
    await this.audience.until(this.watchers.length * MISSED);
    return { seconds };
  }

  close() {
    for (const { socket } of this.watchers) socket.close();
  }
}
