// JSON that people write and read.

import { t } from "../words.js";
import { wrong } from "./parts.js";

/** JSON as people read it. @param {unknown} value */
export function writeJson(value) {
  return JSON.stringify(value, null, 2) ?? "";
}

/**
 * What somebody has written in a field; nothing is `{}`.
 * @param {string} text @param {string} field
 */
export function readJson(text, field) {
  if (!text.trim()) return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    const at = place(text, String(/** @type {Error} */ (error).message));
    throw wrong(field, at ? t("admin.no_json_at", at) : t("admin.no_json"));
  }
}

/** Where a browser stumbled, by what it says of that. @param {string} text @param {string} message */
function place(text, message) {
  const both = /line (\d+) column (\d+)/.exec(message);
  if (both) return { line: Number(both[1]), column: Number(both[2]) };
  const position = /position (\d+)/.exec(message);
  if (!position) return null;
  const before = text.slice(0, Number(position[1])).split("\n");
  return { line: before.length, column: before[before.length - 1].length + 1 };
}
