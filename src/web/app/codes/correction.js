// Reed-Solomon: what was read wrongly is put right, block by block.

/** How many words of each block correct the others, and how many blocks there are, by level and version up to 10. @type {Record<string, [number[], number[]]>} */
const BLOCKS = {
  L: [[7, 10, 15, 20, 26, 18, 20, 24, 30, 18], [1, 1, 1, 1, 1, 2, 2, 2, 2, 4]],
  M: [[10, 16, 26, 18, 24, 16, 18, 22, 22, 26], [1, 1, 1, 2, 2, 4, 4, 4, 5, 5]],
  Q: [[13, 22, 18, 26, 18, 24, 18, 22, 20, 24], [1, 1, 2, 2, 4, 4, 6, 6, 8, 8]],
  H: [[17, 28, 22, 16, 22, 28, 26, 26, 24, 28], [1, 1, 2, 4, 4, 4, 5, 6, 8, 8]],
};

const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let at = 0, value = 1; at < 255; at += 1) {
  EXP[at] = EXP[at + 255] = value;
  LOG[value] = at;
  value = (value << 1) ^ (value >> 7 ? 0x11d : 0);
}

/** @param {number} one @param {number} other */
const times = (one, other) => (one && other ? EXP[LOG[one] + LOG[other]] : 0);

/** A polynomial's value; the highest power comes first. @param {number[]} polynomial @param {number} at */
const valueAt = (polynomial, at) => polynomial.reduce((sum, factor) => times(sum, at) ^ factor, 0);

/**
 * The words of the text, put right; null where too many are wrong.
 * @param {number[]} words @param {number} version @param {string} level
 * @returns {number[] | null}
 */
export function correct(words, version, level) {
  const [correcting, counts] = BLOCKS[level];
  const [extra, count] = [correcting[version - 1], counts[version - 1]];
  const short = Math.floor(words.length / count);
  const shortOnes = count - (words.length % count);
  /** @type {number[][]} */
  const blocks = Array.from({ length: count }, () => []);
  let at = 0;
  // They stand there in turns: the first of each block, the second of each; the last ones of the longer blocks by themselves.
  for (let place = 0; place < short - extra + 1; place += 1) {
    blocks.forEach((block, number) => (place < short - extra || number >= shortOnes) && block.push(words[at++]));
  }
  for (let place = 0; place < extra; place += 1) for (const block of blocks) block.push(words[at++]);
  const data = [];
  for (const block of blocks) {
    const right = mended(block, extra);
    if (!right) return null;
    data.push(...right.slice(0, -extra));
  }
  return data;
}

/** @param {number[]} block @param {number} extra @returns {number[] | null} */
function mended(block, extra) {
  const syndromes = Array.from({ length: extra }, (_, at) => valueAt(block, EXP[at]));
  if (syndromes.every((syndrome) => syndrome === 0)) return block;
  const locator = locatorOf(syndromes);
  const errors = locator.length - 1;
  // The lowest power comes first in here.
  const backwards = [...locator].reverse();
  const places = [];
  for (let at = 0; at < block.length; at += 1) if (valueAt(backwards, EXP[(255 - at) % 255]) === 0) places.push(at);
  if (places.length !== errors || errors * 2 > extra) return null;
  const evaluator = Array.from({ length: extra }, (_, at) => locator.slice(0, at + 1).reduce((sum, factor, by) => sum ^ times(factor, syndromes[at - by]), 0));
  const right = [...block];
  for (const place of places) {
    const inverse = EXP[(255 - place) % 255];
    const above = valueAt([...evaluator].reverse(), inverse);
    let below = 0;
    for (let power = 1; power < locator.length; power += 2) below ^= times(locator[power], EXP[(LOG[inverse] * (power - 1)) % 255]);
    if (below === 0) return null;
    right[block.length - 1 - place] ^= times(EXP[place], EXP[(LOG[above] + 255 - LOG[below]) % 255] * Number(above !== 0));
  }
  return Array.from({ length: extra }, (_, at) => valueAt(right, EXP[at])).every((syndrome) => syndrome === 0) ? right : null;
}

/** Where the errors are, as the zeros of a polynomial (Berlekamp and Massey). @param {number[]} syndromes */
function locatorOf(syndromes) {
  let [locator, before] = [[1], [1]];
  let [length, since, last] = [0, 1, 1];
  for (let at = 0; at < syndromes.length; at += 1) {
    let gap = syndromes[at];
    for (let by = 1; by <= length; by += 1) gap ^= times(locator[by] ?? 0, syndromes[at - by]);
    if (gap === 0) {
      since += 1;
      continue;
    }
    const kept = [...locator];
    const share = EXP[(LOG[gap] + 255 - LOG[last]) % 255];
    before.forEach((factor, by) => (locator[by + since] = (locator[by + since] ?? 0) ^ times(share, factor)));
    locator = Array.from(locator, (factor) => factor ?? 0);
    if (length * 2 <= at) {
      length = at + 1 - length;
      [before, last, since] = [kept, gap, 1];
    } else {
      since += 1;
    }
  }
  while (locator.length > 1 && locator[locator.length - 1] === 0) locator.pop();
  return locator;
}
