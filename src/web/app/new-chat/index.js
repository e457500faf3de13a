// The feature `new-chat`: `<tl-new-chat>`, which makes a chat, and `<tl-people-search>`, which finds somebody.

import { define } from "../element.js";
import { addWords } from "../words.js";
import { NewChat } from "./new-chat.js";
import { PeopleSearch } from "./people-search.js";
import { en, ru, zh } from "./words.js";

addWords({ en, zh, ru });

define("tl-people-search", PeopleSearch);
define("tl-new-chat", NewChat);
