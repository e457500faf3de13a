// The room `emoji`: the picker, and emoji by their names.

import { addWords } from "../words.js";
import { find } from "./data.js";
import { words } from "./words.js";
import "./picker.js";

addWords(words);

/** Emoji whose names begin so, the best first. @param {string} wanted @param {number} most */
export function findEmoji(wanted, most) {
  return find(wanted, most);
}
