// The words that people read, in their language, and numbers and times as they are written there.

import { words as english } from "./words-en.js";

/** @typedef {Record<string, string | Record<string, string>>} Words by key; several forms where there is a number */

/** The languages that there are, each in its own words. */
export const LANGUAGES = { en: "English", zh: "中文", ru: "Русский" };

const KEPT = "trunkline.language";

/** The language of this page: one that was chosen, or the browser's first that there is. */
export const language = choose();

/** The same with its region, where the browser names one: times are written otherwise in London than in Chicago. */
const locale = navigator.languages.find((tag) => tag.toLowerCase().startsWith(language)) ?? language;

const plural = new Intl.PluralRules(language);

/** @type {Words} */
const all = { ...english };

/** @returns {keyof typeof LANGUAGES} */
function choose() {
  const wanted = [localStorage.getItem(KEPT) ?? "", ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase());
  return /** @type {any} */ (wanted.find((tag) => tag in LANGUAGES) ?? "en");
}

/** Chooses a language, and shows the page anew in it. @param {string} tag */
export function chooseLanguage(tag) {
  localStorage.setItem(KEPT, tag);
  location.reload();
}

/**
 * Adds words. A feature that is loaded later brings its own, in every language.
 * @param {Record<string, Words>} byLanguage
 */
export function addWords(byLanguage) {
  Object.assign(all, byLanguage.en, byLanguage[language]);
}

/** Loads the words of the page's language. */
export async function loadWords() {
  document.documentElement.lang = language;
  if (language === "zh") addWords({ zh: (await import("./words-zh/index.js")).words });
  if (language === "ru") addWords({ ru: (await import("./words-ru/index.js")).words });
}

/**
 * The words for a key, with values in the places of their names. A key that is not known is answered as it is.
 * @param {string} key @param {Record<string, string | number>} [values] `count` decides between several forms
 * @returns {string}
 */
export function t(key, values = {}) {
  const found = all[key];
  let text = key;
  if (typeof found === "string") text = found;
  else if (found) text = found[plural.select(Number(values.count ?? 0))] ?? found.other ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

/** @param {number} value */
export function number(value) {
  return new Intl.NumberFormat(locale).format(value);
}

/** Making one takes longer than all that it is used for. @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {string} at @param {Intl.DateTimeFormatOptions} options */
export function dateTime(at, options) {
  const key = JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, format);
  return format.format(new Date(at));
}

/** The time of a day. @param {string} at */
export function time(at) {
  return dateTime(at, { hour: "numeric", minute: "2-digit" });
}

/** A day: today, yesterday, or its date. @param {string} at */
export function day(at) {
  const days = Math.round((startOfDay(Date.now()) - startOfDay(Date.parse(at))) / 86_400_000);
  if (days === 0 || days === 1) return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-days, "day");
  const isLongAgo = new Date(at).getFullYear() !== new Date().getFullYear();
  return dateTime(at, { weekday: "long", day: "numeric", month: "long", ...(isLongAgo ? { year: "numeric" } : {}) });
}

/** A moment, as short as it can be told: the time today, the date before. @param {string} at */
export function moment(at) {
  if (startOfDay(Date.parse(at)) === startOfDay(Date.now())) return time(at);
  return dateTime(at, { day: "numeric", month: "short" });
}

/** Day and time. @param {string} at */
export function whole(at) {
  return dateTime(at, { dateStyle: "medium", timeStyle: "short" });
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

/** How many bytes. @param {number} bytes */
export function size(bytes) {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const options = { style: "unit", unit: UNITS[step], unitDisplay: "short", maximumFractionDigits: 1 };
  return new Intl.NumberFormat(locale, /** @type {any} */ (options)).format(bytes / 1000 ** step);
}

/** @param {number} at */
function startOfDay(at) {
  return new Date(at).setHours(0, 0, 0, 0);
}
