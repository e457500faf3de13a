// The feature `scheduled`: messages that are sent later.

import { addWords } from "../words.js";
import { openChoices } from "./schedule.js";
import { words } from "./words.js";
import "./scheduled.js";

addWords(words);

/** Opens the choices of when to send. @param {HTMLElement} anchor @param {import("../composer/draft.js").Draft} draft @param {() => void} onend */
export function openScheduling(anchor, draft, onend) {
  openChoices(anchor, draft, onend);
}
