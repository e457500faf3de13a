// From a picture to modules: which place of the picture is which module of the code.

/** The modules of a code. @typedef {{size: number, at: (x: number, y: number) => boolean}} Grid */
/** @typedef {{x: number, y: number}} Point */

/** How far around where it should be the fourth mark is looked for, in modules. */
const AROUND = 4;

/**
 * The modules between three corners, for each size that they may have.
 * @param {import("./dark.js").Dark} dark @param {import("./finders.js").Corners} corners @param {number} most the largest version
 * @returns {Grid[]}
 */
export function gridsOf(dark, { origin, right, below }, most) {
  const module = (origin.module + right.module + below.module) / 3;
  const side = (Math.hypot(right.x - origin.x, right.y - origin.y) + Math.hypot(below.x - origin.x, below.y - origin.y)) / 2;
  // Where the code is turned, a row crosses its modules aslant and they look wider; the corners are as far from each other as they are.
  const guess = (side / module + 7 - 17) / 4;
  const versions = [0, 1, -1, 2].map((step) => Math.round(guess) + step).filter((version) => version >= 1 && version <= most);
  return versions.flatMap((version) => {
    const size = version * 4 + 17;
    const flat = { x: right.x + below.x - origin.x, y: right.y + below.y - origin.y };
    const mark = version > 1 ? fourthMark(dark, { origin, right, below }, size) : null;
    const grids = [sampled(dark, size, [origin, right, below, flat], size - 3.5)];
    if (mark) grids.unshift(sampled(dark, size, [origin, right, below, mark], size - 6.5));
    return grids;
  });
}

/** The small mark before the fourth corner: a dark module in a light ring in a dark one. @param {import("./dark.js").Dark} dark @param {{origin: Point, right: Point, below: Point}} corners @param {number} size @returns {Point | null} */
function fourthMark(dark, { origin, right, below }, size) {
  const steps = size - 7;
  const across = { x: (right.x - origin.x) / steps, y: (right.y - origin.y) / steps };
  const down = { x: (below.x - origin.x) / steps, y: (below.y - origin.y) / steps };
  const [from, share] = [size - 10, 0.5];
  let best = { score: 21, x: 0, y: 0 };
  for (let v = -AROUND; v <= AROUND; v += share / 2) {
    for (let u = -AROUND; u <= AROUND; u += share / 2) {
      const x = origin.x + across.x * (from + u) + down.x * (from + v);
      const y = origin.y + across.y * (from + u) + down.y * (from + v);
      let score = 0;
      for (let row = -2; row <= 2; row += 1) {
        for (let column = -2; column <= 2; column += 1) {
          const isDark = Math.max(Math.abs(row), Math.abs(column)) !== 1;
          if (dark.at(x + across.x * column + down.x * row, y + across.y * column + down.y * row) === isDark) score += 1;
        }
      }
      // Of those that fit as well, the nearest to where it should be.
      const nearer = score - Math.hypot(u, v) / 10;
      if (nearer > best.score) best = { score: nearer, x, y };
    }
  }
  return best.x || best.y ? best : null;
}

/** @param {import("./dark.js").Dark} dark @param {number} size @param {Point[]} points where in the picture @param {number} fourth where in the code the last one is @returns {Grid} */
function sampled(dark, size, points, fourth) {
  const end = size - 3.5;
  const map = perspective([[3.5, 3.5], [end, 3.5], [3.5, end], [fourth, fourth]], points);
  const bits = new Uint8Array(size * size);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const at = map(x + 0.5, y + 0.5);
      bits[y * size + x] = dark.at(at.x, at.y) ? 1 : 0;
    }
  }
  return { size, at: (x, y) => bits[y * size + x] === 1 };
}

/** What takes four places of the code to four places of the picture, and everything between. @param {number[][]} from @param {Point[]} to */
function perspective(from, to) {
  const rows = from.flatMap(([x, y], at) => [
    [x, y, 1, 0, 0, 0, -x * to[at].x, -y * to[at].x, to[at].x],
    [0, 0, 0, x, y, 1, -x * to[at].y, -y * to[at].y, to[at].y],
  ]);
  const [a, b, c, d, e, f, g, k] = solved(rows);
  return (/** @type {number} */ x, /** @type {number} */ y) => {
    const scale = g * x + k * y + 1;
    return { x: (a * x + b * y + c) / scale, y: (d * x + e * y + f) / scale };
  };
}

/** Linear equations, by elimination. @param {number[][]} rows */
function solved(rows) {
  const count = rows.length;
  for (let at = 0; at < count; at += 1) {
    let pivot = at;
    for (let row = at + 1; row < count; row += 1) if (Math.abs(rows[row][at]) > Math.abs(rows[pivot][at])) pivot = row;
    [rows[at], rows[pivot]] = [rows[pivot], rows[at]];
    for (let row = 0; row < count; row += 1) {
      if (row === at) continue;
      const share = rows[row][at] / rows[at][at];
      for (let column = at; column <= count; column += 1) rows[row][column] -= share * rows[at][column];
    }
  }
  return rows.map((row, at) => row[count] / row[at]);
}
