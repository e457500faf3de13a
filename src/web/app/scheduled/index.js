// The room `scheduled`: messages that are sent later.

import { addWords } from "../words.js";
import { words } from "./words.js";
import "./scheduled.js";

addWords(words);
