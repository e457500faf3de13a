// The feature `message-tools`: what can be done with a message. It is loaded once somebody points at one.

import { addWords } from "../words.js";
import { Toolbar } from "./toolbar.js";
import { en, ru, zh } from "./words.js";

addWords({ en, zh, ru });

/** The toolbar of a history. @param {import("../messages/history.js").History} history */
export function toolbarOf(history) {
  return new Toolbar(history);
}
