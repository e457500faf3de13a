// The feature `chat-info`: what there is to know of a chat, and to do with it.

import { define } from "../element.js";
import { addWords } from "../words.js";
import { ChatInfo } from "./chat-info.js";
import { en } from "./words-en.js";
import { ru } from "./words-ru.js";
import { zh } from "./words-zh.js";

addWords({ en, zh, ru });

define("tl-chat-info", ChatInfo);
