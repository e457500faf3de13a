// Русский: the words of the features that are always there.

import { words as chats } from "./chats.js";
import { words as composer } from "./composer.js";
import { words as messages } from "./messages.js";
import { words as shell } from "./shell.js";

/** @type {import("../words.js").Words} */
export const words = { ...shell, ...chats, ...messages, ...composer };
