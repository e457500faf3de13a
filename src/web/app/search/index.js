// The room `search`: finding messages by their words.

import { define } from "../element.js";
import { addWords } from "../words.js";
import { MessageSearch } from "./search.js";
import { en, ru, zh } from "./words.js";

addWords({ en, zh, ru });

define("tl-message-search", MessageSearch);
