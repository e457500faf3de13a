// The feature `comments`: what people say below an event or a post. Both features load it.

import { addWords } from "../words.js";
import "./comments.js";
import { words } from "./words.js";

addWords(words);
