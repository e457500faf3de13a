// Those who watch, together: how many messages they heard and how late, and what was wrong with it.
import { numberAfter } from "./wire.mjs";

// How long deliveries may go on after the last acknowledgement before they count as lost.
const PATIENCE_MS = 10_000;
const BEGINNING = Buffer.from('"content":"');

// What is said: when, in microseconds, and a hundred characters in all.
export const content = () => `${Math.round(performance.now() * 1e3)} `.padEnd(100, ".");

export class Audience {
  flaws = 0;

  // Where numbers have no gaps, one is a flaw.
  constructor({ hasGaps }) {
    this.hasGaps = hasGaps;
    this.begin();
  }

  begin() {
    [this.heard, this.bytes, this.delays] = [0, 0, []];
  }

  // A message of this number arrived at who had heard all up to watcher.last.
  hear(watcher, number, bytes, start, end) {
    const isNext = this.hasGaps ? number > watcher.last : number === watcher.last + 1;
    if (!isNext) this.flaws++;
    watcher.last = number;
    this.bytes += end - start;
    this.delays.push(performance.now() - numberAfter(bytes, BEGINNING, start) / 1e3);
    if (++this.heard === this.wanted) this.done();
  }

  // Waits until so many were heard since begin(); what does not come is a flaw.
  async until(wanted) {
    this.wanted = wanted;
    if (this.heard < wanted) {
      await new Promise((resolve) => {
        const end = setTimeout(resolve, PATIENCE_MS);
        this.done = () => {
          clearTimeout(end);
          resolve();
        };
      });
    }
    this.wanted = undefined;
    this.flaws += Math.abs(wanted - this.heard);
  }

  // What so large a part of the delays is below, in milliseconds.
  share(part) {
    this.delays.sort((a, b) => a - b);
    return this.delays[Math.min(this.delays.length - 1, Math.floor(this.delays.length * part))];
  }
}
