// The words of this feature, in every language.

import { words as english } from "./words-en.js";
import { words as englishMore } from "./words-en-more.js";
import { words as russian } from "./words-ru.js";
import { words as russianMore } from "./words-ru-more.js";
import { words as chinese } from "./words-zh.js";
import { words as chineseMore } from "./words-zh-more.js";

/** @type {Record<string, import("../words.js").Words>} */
export const words = {
  en: { ...english, ...englishMore },
  ru: { ...russian, ...russianMore },
  zh: { ...chinese, ...chineseMore },
};
