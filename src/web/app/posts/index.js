// The feature `posts`: the list, one post, and where one is written.

import { addWords } from "../words.js";
import "./post-form-page.js";
import "./post-page.js";
import "./posts-page.js";
import { words } from "./words.js";

addWords(words);
