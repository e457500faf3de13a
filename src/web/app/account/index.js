// The feature `account`: a page with a section for each part of it.

import { addWords } from "../words.js";
import "./page.js";
import "./profile.js";
import "./appearance.js";
import "./notifications.js";
import "./sessions.js";
import "./password.js";
import "./tokens.js";
import "./data.js";
import { words as en } from "./words-en.js";
import { words as ru } from "./words-ru.js";
import { words as zh } from "./words-zh.js";

addWords({ en, zh, ru });
