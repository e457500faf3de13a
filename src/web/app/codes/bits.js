// The text that the words of a code spell: digits, capitals or bytes.

const CAPITALS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** @param {number[]} words @param {number} version @returns {string | null} null where it is none */
export function textOf(words, version) {
  let at = 0;
  const left = () => words.length * 8 - at;
  const read = (/** @type {number} */ count) => {
    let value = 0;
    for (let bit = 0; bit < count; bit += 1, at += 1) value = value * 2 + (((words[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    return value;
  };
  const isSmall = version < 10;
  let text = "";
  while (left() >= 4) {
    const mode = read(4);
    if (mode === 0) break;
    if (mode === 1) {
      for (let count = read(isSmall ? 10 : 12); count > 0; count -= 3) {
        const digits = Math.min(3, count);
        text += String(read([0, 4, 7, 10][digits])).padStart(digits, "0");
      }
    } else if (mode === 2) {
      let count = read(isSmall ? 9 : 11);
      for (; count > 1; count -= 2) {
        const pair = read(11);
        text += CAPITALS[Math.floor(pair / 45)] + CAPITALS[pair % 45];
      }
      if (count) text += CAPITALS[read(6)];
    } else if (mode === 4) {
      const bytes = Uint8Array.from({ length: read(isSmall ? 8 : 16) }, () => read(8));
      text += decoded(bytes);
    } else return null;
    if (left() < 0) return null;
  }
  return text || null;
}

/** Mostly UTF-8, whatever the standard says; Latin-1 where it is none. @param {Uint8Array} bytes */
function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}
