// Русский: the words of the rooms that are always there.

import { words as shell } from "./shell.js";

/** @type {import("../words.js").Words} */
export const words = { ...shell };
