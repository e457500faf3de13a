// All emoji by group, and how one is found by a word.

import { faces, people } from "./faces.js";
import { food, nature } from "./nature.js";
import { terms } from "./terms.js";
import { activity, signs, things } from "./things.js";

/** One emoji, its name, and all words that find it. @typedef {{emoji: string, name: string, words: string[]}} Emoji */

/** @param {string} text @returns {Emoji[]} */
function items(text) {
  return text.trim().split(/[\n|]/).map((entry) => {
    const at = entry.indexOf(" ");
    const [name, more = ""] = entry.slice(at + 1).split(", ");
    return { emoji: entry.slice(0, at), name, words: [...name.split(/[ -]/), ...more.split(" ")].filter(Boolean) };
  });
}

/** The groups: what they are called, what stands for them, what they hold. @type {{name: string, picture: string, items: Emoji[]}[]} */
export const groups = [
  { name: "faces", picture: "😀", items: items(faces) },
  { name: "people", picture: "👋", items: items(people) },
  { name: "nature", picture: "🐻", items: items(nature) },
  { name: "food", picture: "🍏", items: items(food) },
  { name: "activity", picture: "⚽", items: items(activity) },
  { name: "things", picture: "💡", items: items(things) },
  { name: "signs", picture: "✅", items: items(signs) },
];

const all = groups.flatMap((group) => group.items);

/** Those that fit, the best first. @param {string} wanted @param {number} most @returns {Emoji[]} */
export function find(wanted, most) {
  const words = wanted.toLocaleLowerCase().trim().split(/\s+/).filter(Boolean).map(english);
  if (!words.length) return [];
  const phrase = words.join(" ");
  /** @type {Emoji[][]} */
  const ranks = [[], [], [], []];
  for (const emoji of all) {
    if (emoji.emoji === wanted.trim()) ranks[0].push(emoji);
    else if (!words.every((word) => emoji.words.some((each) => each.startsWith(word)))) continue;
    else if (emoji.name === phrase || emoji.words.at(-1) === phrase) ranks[0].push(emoji);
    else if (emoji.name.startsWith(phrase)) ranks[1].push(emoji);
    else if (words.every((word) => emoji.words.includes(word))) ranks[2].push(emoji);
    else ranks[3].push(emoji);
  }
  return ranks.flat().slice(0, most);
}

/** A word of another language as it stands in the lists. @param {string} word */
function english(word) {
  if (/^[\x20-\x7e]*$/.test(word)) return word;
  const found = Object.keys(terms).find((term) => word.startsWith(term)) ?? Object.keys(terms).find((term) => term.startsWith(word) || word.includes(term));
  return found ? terms[found].split(" ")[0] : word;
}
