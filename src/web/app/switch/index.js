// The feature `switch`: what is opened by keys, Ctrl-K and the list of keys.

import { addWords } from "../words.js";
import { openKeys } from "./keys.js";
import { openSwitch } from "./switch.js";
import { words } from "./words.js";

addWords(words);

/** What the keys open. */
export const opened = { openKeys, openSwitch };
