// The feature `composing`: what is needed once somebody writes. Files, people and emoji that are completed.

import { addWords } from "../words.js";
import { Completion } from "./completion.js";
import { drawFiles } from "./files.js";
import { emojiNames, people } from "./sources.js";
import { chooseFiles, takeDropped } from "./taking.js";
import { Upload } from "./uploads.js";
import { words } from "./words.js";

addWords(words);

export const parts = { Completion, Upload, chooseFiles, drawFiles, emojiNames, people, takeDropped };
