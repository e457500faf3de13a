// The last 50 messages of a chat, asked for again and again.
import { content } from "./audience.mjs";
import { Http } from "./wire.mjs";

export class History {
  constructor(system, readers) {
    this.system = system;
    this.readers = Array.from({ length: readers }, () => new Http(system.port));
  }

  // Everyone writes until there are so many.
  async open(length) {
    this.room = await this.system.room();
    let left = length;
    const write = async (_, number) => {
      while (left-- > 0) await this.system.send(number, this.room, content());
    };
    await Promise.all(this.readers.map(write));
    const { status, body } = await this.readers[0].ask(this.system.latest(0, this.room));
    const { items } = JSON.parse(body.toString());
    if (status !== 200 || items.length !== 50) throw new Error(`the end of a chat: ${status}, ${items.length} messages`);
  }

  async run(seconds) {
    const begin = performance.now();
    let count = 0;
    const read = async (reader, number) => {
      const request = this.system.latest(number, this.room);
      for (; performance.now() < begin + seconds * 1e3; count++) {
        const { status } = await reader.ask(request);
        if (status !== 200) throw new Error(`the end of a chat: ${status}`);
      }
    };
    await Promise.all(this.readers.map(read));
    return { rate: (count * 1e3) / (performance.now() - begin) };
  }

  close() {
    for (const reader of this.readers) reader.close();
  }
}
