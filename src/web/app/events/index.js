// The feature `events`: what takes place, tickets, and check-in.

import { addWords } from "../words.js";
import "./check-in-page.js";
import "./event-form-page.js";
import "./event-page.js";
import "./events-page.js";
import "./tickets-page.js";
import { words as en } from "./words.js";
import { words as ru } from "./words-ru.js";
import { words as zh } from "./words-zh.js";

addWords({ en, zh, ru });
