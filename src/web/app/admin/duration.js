// How long something is, in words.

import { language } from "../words.js";

/** @type {[string, number][]} */
const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

/** The largest units that hold a time without a rest, such as "1 hr 30 min". @param {number} seconds */
export function duration(seconds) {
  const parts = [];
  let rest = seconds;
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(count));
  }
  return parts.join(" ") || "0";
}
