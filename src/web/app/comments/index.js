// The room `comments`: what people say below an event or a post. Both rooms load it.

import { addWords } from "../words.js";
import "./comments.js";
import { words } from "./words.js";

addWords(words);
