// Which module means what: the format beside the corners, and the codewords, two columns at a time from the right.

/** The levels of correction by the two bits that name them. */
const LEVELS = ["M", "L", "H", "Q"];
/** Every format is masked with this. */
const FORMAT_MASK = 0x5412;

/** Which modules are turned over, by the number of the mask. @type {((x: number, y: number) => boolean)[]} */
const MASKS = [
  (x, y) => (x + y) % 2 === 0, (x, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0, (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** The level of correction and the mask; null where neither copy of them can be read. @param {import("./sampling.js").Grid} grid */
export function formatOf(grid) {
  const { size } = grid;
  /** @type {[number, number][]} */
  const first = [];
  for (let at = 0; at <= 5; at += 1) first.push([8, at]);
  first.push([8, 7], [8, 8], [7, 8]);
  for (let at = 9; at < 15; at += 1) first.push([14 - at, 8]);
  /** @type {[number, number][]} */
  const second = [];
  for (let at = 0; at < 8; at += 1) second.push([size - 1 - at, 8]);
  for (let at = 8; at < 15; at += 1) second.push([8, size - 15 + at]);
  let best = { distance: 4, word: -1 };
  for (const places of [first, second]) {
    const read = places.reduce((word, [x, y], at) => word | (Number(grid.at(x, y)) << at), 0);
    for (let word = 0; word < 32; word += 1) {
      const distance = ones(read ^ encoded(word));
      if (distance < best.distance) best = { distance, word };
    }
  }
  return best.word < 0 ? null : { level: LEVELS[best.word >> 3], mask: best.word & 7 };
}

/** The fifteen bits of a format. @param {number} word */
function encoded(word) {
  let rest = word;
  for (let at = 0; at < 10; at += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  return ((word << 10) | rest) ^ FORMAT_MASK;
}

/** @param {number} bits */
function ones(bits) {
  let count = 0;
  for (let rest = bits; rest; rest &= rest - 1) count += 1;
  return count;
}

/** The codewords in the order in which they stand there. @param {import("./sampling.js").Grid} grid @param {number} mask */
export function codewordsOf(grid, mask) {
  const { size } = grid;
  const isFixed = fixedOf(size);
  const words = [];
  let [word, count] = [0, 0];
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const isUp = ((right + 1) & 2) === 0;
      const y = isUp ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (isFixed(x, y)) continue;
        word = (word << 1) | Number(grid.at(x, y) !== MASKS[mask](x, y));
        count += 1;
        if (count % 8 === 0) {
          words.push(word & 255);
          word = 0;
        }
      }
    }
  }
  return words;
}

/** Which modules say nothing of the text: corners, lines, marks, format and version. @param {number} size */
function fixedOf(size) {
  const version = (size - 17) / 4;
  const marks = marksOf(version, size);
  return (/** @type {number} */ x, /** @type {number} */ y) => {
    if (x === 6 || y === 6) return true;
    if ((x < 9 && y < 9) || (x >= size - 8 && y < 9) || (x < 9 && y >= size - 8)) return true;
    if (version >= 7 && ((x >= size - 11 && y < 6) || (y >= size - 11 && x < 6))) return true;
    return marks.some((column) => marks.some((row) => {
      const isCorner = (column === 6 && row === 6) || (column === 6 && row === size - 7) || (column === size - 7 && row === 6);
      return !isCorner && Math.abs(x - column) <= 2 && Math.abs(y - row) <= 2;
    }));
  };
}

/** Where the small marks stand, in columns and in rows. @param {number} version @param {number} size */
function marksOf(version, size) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, at) => size - 7 - step * (count - 2 - at))];
}
