// The feature `people`: all of them, and each of them.

import { addWords } from "../words.js";
import "./list.js";
import "./page.js";
import "./person.js";
import { words } from "./words.js";

addWords(words);
