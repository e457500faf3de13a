// The English words of the features that are always there.

import { words as chats } from "./chats/words.js";
import { words as composer } from "./composer/words.js";
import { words as messages } from "./messages/words.js";
import { words as shell } from "./shell/words.js";

/** @type {import("./words.js").Words} */
export const words = { ...shell, ...chats, ...messages, ...composer };
