// What somebody chooses most: the emoji used last, and the tone of skin.

const KEPT = "trunkline.emoji";
/** How many are remembered. */
const MOST = 24;
const TONES = ["", "🏻", "🏼", "🏽", "🏾", "🏿"];

/** @returns {{recent: string[], tone: number}} */
function kept() {
  try {
    const { recent, tone } = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return { recent: Array.isArray(recent) ? recent.filter((each) => typeof each === "string") : [], tone: tone in TONES ? Number(tone) : 0 };
  } catch {
    return { recent: [], tone: 0 };
  }
}

/** @param {{recent?: string[], tone?: number}} change */
function keep(change) {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ ...kept(), ...change }));
  } catch {
    // Then it is forgotten.
  }
}

/** Those used last, the last one first. */
export function recent() {
  return kept().recent;
}

/** Remembers that it was used. @param {string} emoji */
export function use(emoji) {
  keep({ recent: [emoji, ...recent().filter((each) => each !== emoji)].slice(0, MOST) });
}

/** Which tone of skin was chosen: 0 is none. */
export function tone() {
  return kept().tone;
}

/** Chooses a tone. @param {number} wanted */
export function chooseTone(wanted) {
  keep({ tone: wanted });
}

/** How many tones there are, with none. */
export const tones = TONES.length;

/** An emoji in a tone of skin, where it has one. Groups of people have too many. @param {string} emoji @param {number} wanted */
export function toned(emoji, wanted) {
  if (!wanted || emoji.match(/\p{Emoji_Modifier_Base}/gu)?.length !== 1) return emoji;
  return emoji.replace(/(\p{Emoji_Modifier_Base})\uFE0F?/u, `$1${TONES[wanted]}`);
}
