// The English words of the rooms that are always there.

import { words as shell } from "./shell/words.js";

/** @type {import("./words.js").Words} */
export const words = { ...shell };
