// Sockets that do nothing: what one costs a server in memory.
import { setTimeout as sleep } from "node:timers/promises";
import { content } from "./audience.mjs";
import { residentKib } from "./proc.mjs";
import { each } from "./systems.mjs";
import { Http } from "./wire.mjs";

const IN_ROOM = 100;

// Opens so many, closes them, and opens them again: memory while the second crowd is there, less what it was before any, in a
// process that has answered requests on all its connections. What an allocator keeps hides nothing then.
export const idle = async (system, audience, { size, heartbeatMs, looks, requests }) => {
  const rooms = await each(Array.from({ length: Math.ceil(size / IN_ROOM) }), 4, () => system.room({ isJoined: false }));
  const readers = Array.from({ length: system.senders.length }, () => new Http(system.port));
  const use = (count) =>
    each(Array.from({ length: count }), readers.length, async (_, n) => {
      await readers[n % readers.length].ask(system.latest(n, rooms[n % rooms.length]));
    });
  // The least of some looks, every tenth of a second, while everyone asks for little: what is not needed any more is given back when memory is used again.
  const resident = async () => {
    let least = Infinity;
    for (let n = 0; n < looks; n++) {
      await use(readers.length);
      await sleep(100);
      least = Math.min(least, residentKib(system.pid));
    }
    return least;
  };
  const open = () => each(Array.from({ length: size }), 32, (_, n) => system.watch(rooms[n % rooms.length], n, audience));
  const close = (crowd) => crowd.forEach(({ socket }) => socket.close());

  await each(Array.from({ length: requests / 2 }), readers.length, (_, n) => system.send(n, rooms[n % rooms.length], content()));
  await use(requests);
  const before = await resident();
  close(await open());
  await resident();
  const crowd = await open();
  await sleep(heartbeatMs);
  // A few weigh less than what was given back meanwhile.
  const kib = Math.max(0, (await resident()) - before) / size;
  close(crowd);
  for (const reader of readers) reader.close();
  return kib;
};
