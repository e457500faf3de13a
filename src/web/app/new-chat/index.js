// The room `new-chat`: `<tl-new-chat>`, which makes a chat.

import { Element, define } from "../element.js";
import { addWords } from "../words.js";
import { en, ru, zh } from "./words.js";

addWords({ en, zh, ru });

class NewChat extends Element {}

define("tl-new-chat", NewChat);
