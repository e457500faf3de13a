// Where the three corners of a code are: dark, light, three dark, light and dark again, whichever way one goes across.

/** @typedef {{x: number, y: number, module: number, seen: number}} Finder */
/** The corners as the code has them. @typedef {{origin: Finder, right: Finder, below: Finder}} Corners */

/** How far a run may be from its share, in modules. */
const SLACK = 0.7;
/** The most candidates that are tried with each other. */
const MOST = 9;

/** The corners of what may be codes, the likeliest first. @param {import("./dark.js").Dark} dark @returns {Corners[]} */
export function findCorners(dark) {
  /** @type {Finder[]} */
  const found = [];
  for (let y = 1; y < dark.height; y += 2) lookAlong(dark, y, found);
  const best = found.filter(({ seen }) => seen > 1).sort((one, other) => other.seen - one.seen).slice(0, MOST);
  const all = [];
  for (let a = 0; a < best.length; a += 1) {
    for (let b = a + 1; b < best.length; b += 1) {
      for (let c = b + 1; c < best.length; c += 1) all.push(arranged([best[a], best[b], best[c]]));
    }
  }
  return all.filter(({ fault }) => fault < 0.6).sort((one, other) => one.fault - other.fault).slice(0, 4).map(({ corners }) => corners);
}

/** @param {import("./dark.js").Dark} dark @param {number} y @param {Finder[]} found */
function lookAlong(dark, y, found) {
  /** The last five runs, with where each ends. */
  const runs = [0, 0, 0, 0, 0];
  let isDark = false;
  for (let x = 0; x <= dark.width; x += 1) {
    if (x < dark.width && dark.at(x, y) === isDark) {
      runs[4] += 1;
      continue;
    }
    if (isDark && fits(runs)) check(dark, x - runs[4] - runs[3] - runs[2] / 2, y, found);
    runs.shift();
    runs.push(1);
    isDark = !isDark;
  }
}

/** @param {number[]} runs */
function fits(runs) {
  const module = (runs[0] + runs[1] + runs[2] + runs[3] + runs[4]) / 7;
  return module >= 1 && [1, 1, 3, 1, 1].every((share, at) => Math.abs(runs[at] / module - share) < SLACK * Math.sqrt(share));
}

/** Looks across the other way, and notes the middle. @param {import("./dark.js").Dark} dark @param {number} x @param {number} y @param {Finder[]} found */
function check(dark, x, y, found) {
  const down = across(dark, x, y, 0, 1);
  if (!down) return;
  const level = across(dark, x, y + down.middle, 1, 0);
  if (!level) return;
  const module = (down.length + level.length) / 14;
  const [middleX, middleY] = [x + level.middle, y + down.middle];
  const same = found.find((one) => Math.hypot(one.x - middleX, one.y - middleY) < 3 * module && Math.abs(one.module - module) < module / 2);
  if (!same) return void found.push({ x: middleX, y: middleY, module, seen: 1 });
  const { seen } = same;
  same.x = (same.x * seen + middleX) / (seen + 1);
  same.y = (same.y * seen + middleY) / (seen + 1);
  same.module = (same.module * seen + module) / (seen + 1);
  same.seen += 1;
}

/**
 * The five runs through a place: where their middle is from there, and how long they are together.
 * @param {import("./dark.js").Dark} dark @param {number} x @param {number} y @param {number} dx @param {number} dy
 */
function across(dark, x, y, dx, dy) {
  const ends = [1, -1].map((sign) => {
    const runs = [0, 0, 0];
    let [step, run] = [sign > 0 ? 0 : 1, 0];
    for (; run < 3; step += 1) {
      const [atX, atY] = [x + dx * step * sign, y + dy * step * sign];
      if (atX < 0 || atY < 0 || atX >= dark.width || atY >= dark.height) break;
      while (run < 3 && dark.at(atX, atY) !== (run !== 1)) run += 1;
      if (run < 3) runs[run] += 1;
    }
    return runs;
  });
  const [after, before] = ends;
  const runs = [before[2], before[1], before[0] + after[0], after[1], after[2]];
  if (!fits(runs)) return null;
  return { middle: (after[0] - before[0]) / 2, length: runs.reduce((sum, run) => sum + run, 0) };
}

/** Which corner each of three is, and how far they are from being those of a square. @param {Finder[]} three */
function arranged(three) {
  const far = (/** @type {Finder} */ one, /** @type {Finder} */ other) => Math.hypot(one.x - other.x, one.y - other.y);
  // The corner of the right angle lies opposite of the longest side.
  const [origin, one, other] = [0, 1, 2].map((at) => [three[at], three[(at + 1) % 3], three[(at + 2) % 3]])
    .sort((first, second) => far(second[1], second[2]) - far(first[1], first[2]))[0];
  const isClockwise = (one.x - origin.x) * (other.y - origin.y) - (one.y - origin.y) * (other.x - origin.x) > 0;
  const [right, below] = isClockwise ? [one, other] : [other, one];
  const [first, second, third] = [far(origin, right), far(origin, below), far(right, below)];
  const modules = three.map(({ module }) => module);
  const uneven = Math.max(...modules) / Math.min(...modules) - 1;
  const fault = Math.abs(first - second) / Math.max(first, second) + Math.abs(third / Math.hypot(first, second) - 1) + uneven / 2;
  return { fault, corners: { origin, right, below } };
}
