// The feature `notifications`: their page, and what each kind says.

import { addWords } from "../words.js";
import { describe as describeOne } from "./kinds.js";
import "./page.js";
import "./row.js";
import { words } from "./words.js";

addWords(words);

/** What a notification says, and where it leads. @param {any} notification */
export function describe(notification) {
  return describeOne(notification);
}
