// A small plot: lines over the last quarter of an hour, and the same as a table for who cannot see them.

import { Element, define } from "../element.js";
import { fill, h, svg } from "../dom.js";
import { language, t, time } from "../words.js";
import { SPAN_MS } from "./metrics.js";

/** The size of the picture in its own units. */
const [WIDTH, HEIGHT] = [300, 84];
/** How many minutes are shown: the fewest that hold all there is. */
const SPANS = [2, 5, 15];
/** Looks that lie further apart are not joined by a line. */
const GAP_MS = 20_000;
const MINUTE_MS = 60_000;

/**
 * What a plot shows. A line has the name of its values in the points.
 * @typedef {object} Of
 * @property {string} title
 * @property {{name: string, label: string, isQuiet?: boolean}[]} lines `isQuiet` ones are only there when they are above zero
 * @property {string} [unit]
 * @property {number} [least] the least that the height stands for
 */

class Plot extends Element {
  /** @type {Of} */
  of = /** @type {any} */ (null);
  legend = h("ul", { class: "plot-legend" });
  picture = h("div", { class: "plot-picture", "aria-hidden": "true" });
  table = h("table", { class: "visually-hidden" });
  /** The minute of the last row of the table. */
  #minute = 0;

  start() {
    this.className = "card plot";
    fill(this, h("h2", null, this.of.title), this.legend, this.picture, this.table);
  }

  /** @param {import("./metrics.js").Point[]} points */
  draw(points) {
    const latest = points[points.length - 1];
    const lines = this.of.lines.filter(({ name, isQuiet }) => !isQuiet || points.some((point) => (point[name] ?? 0) > 0));
    fill(this.legend, lines.map(({ name, label }, at) => h("li", { dataset: { line: String(this.#place(name, at)) } },
      h("strong", null, this.#write(latest?.[name] ?? null)), h("span", null, label))));
    this.#drawLines(points, lines);
    this.#drawTable(points, lines);
  }

  /** Which line it is: its colour stays when others come. @param {string} name @param {number} otherwise */
  #place(name, otherwise) {
    const at = this.of.lines.findIndex((line) => line.name === name);
    return at < 0 ? otherwise : at;
  }

  /** @param {number | null} value */
  #write(value) {
    if (value === null) return "–";
    const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2;
    return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value) + (this.of.unit ? ` ${this.of.unit}` : "");
  }

  /** @param {import("./metrics.js").Point[]} points @param {Of["lines"]} lines */
  #drawLines(points, lines) {
    const end = points[points.length - 1]?.at ?? Date.now();
    const highest = Math.max(this.of.least ?? 1, ...points.flatMap((point) => lines.map(({ name }) => point[name] ?? 0)));
    const top = nice(highest);
    const age = (end - (points[0]?.at ?? end)) / MINUTE_MS;
    const span = SPANS.find((one) => one >= age) ?? SPAN_MS / MINUTE_MS;
    const x = (/** @type {number} */ at) => WIDTH - ((end - at) / MINUTE_MS / span) * WIDTH;
    const y = (/** @type {number} */ value) => HEIGHT - 2 - (value / top) * (HEIGHT - 6);
    const grid = [0, 0.5, 1].map((share) => svg("line", { class: "grid", x1: 0, x2: WIDTH, y1: y(top * share), y2: y(top * share) }));
    const drawn = lines.map(({ name }) => svg("path", { class: `line line-${this.#place(name, 0)}`, d: path(points, name, x, y) }));
    fill(this.picture, h("span", { class: "plot-top" }, this.#write(top)),
      svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" }, ...grid, ...drawn),
      h("div", { class: "plot-axis" }, h("span", null, t("admin.plot_begin", { minutes: span })), h("span", null, t("admin.plot_end"))));
  }

  /** A row a minute, the latest first; only when another minute has begun. @param {import("./metrics.js").Point[]} points @param {Of["lines"]} lines */
  #drawTable(points, lines) {
    const minute = Math.floor((points[points.length - 1]?.at ?? 0) / MINUTE_MS);
    if (minute === this.#minute && points.length > 2) return;
    this.#minute = minute;
    const byMinute = new Map(points.map((point) => [Math.floor(point.at / MINUTE_MS), point]));
    fill(this.table, h("caption", null, this.of.title),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, t("admin.plot_time")), lines.map(({ label }) => h("th", { scope: "col" }, label)))),
      h("tbody", null, [...byMinute.values()].reverse().map((point) => h("tr", null,
        h("th", { scope: "row" }, time(new Date(point.at).toISOString())), lines.map(({ name }) => h("td", null, this.#write(point[name])))))));
  }
}

/** The next number that is read easily: 1, 2 or 5 with zeros. @param {number} value */
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/**
 * @param {import("./metrics.js").Point[]} points @param {string} name
 * @param {(at: number) => number} x @param {(value: number) => number} y
 */
function path(points, name, x, y) {
  let [drawn, before] = ["", -Infinity];
  for (const { at, [name]: value } of points) {
    if (value === null || value === undefined) continue;
    const to = `${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    // What stands alone is a dot.
    drawn += at - before > GAP_MS ? `M${to}l0.01 0` : `L${to}`;
    before = at;
  }
  return drawn || "M0 0";
}

define("tl-admin-plot", Plot);

/** A plot. @param {Of} of @returns {Plot} */
export function plotOf(of) {
  return /** @type {Plot} */ (h("tl-admin-plot", { of }));
}
