// The feature `search`: finding messages by their words, and those that are pinned.

import { define } from "../element.js";
import { addWords } from "../words.js";
import { Pins } from "./pins.js";
import { MessageSearch } from "./search.js";
import { en, ru, zh } from "./words.js";

addWords({ en, zh, ru });

define("tl-message-search", MessageSearch);
define("tl-pins", Pins);
