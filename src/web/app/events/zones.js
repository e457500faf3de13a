// Time zones: what clocks show at a moment, and which moments a time on a clock means.

const MINUTE_MS = 60_000;
/** The longest time around a time on a clock within which its moments lie. */
const AROUND_MS = 36 * 60 * MINUTE_MS;

/** The zone of this browser. */
export const MY_ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @type {Map<string, Intl.DateTimeFormat | null>} */
const clocks = new Map();

/** @param {string} zone */
function clockOf(zone) {
  if (!clocks.has(zone)) {
    /** @type {Intl.DateTimeFormatOptions} */
    const options = {
      timeZone: zone, hourCycle: "h23", calendar: "gregory", numberingSystem: "latn",
      year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
    };
    try {
      clocks.set(zone, new Intl.DateTimeFormat("en", options));
    } catch {
      clocks.set(zone, null);
    }
  }
  return clocks.get(zone) ?? null;
}

/** Whether this browser knows a zone of this name. @param {string} zone */
export function isZone(zone) {
  return zone !== "" && clockOf(zone) !== null;
}

/** The names of all zones. */
export function zones() {
  const all = new Set(Intl.supportedValuesOf("timeZone"));
  return [...all.add("UTC").add(MY_ZONE)].sort();
}

/**
 * What clocks show there, to the minute: `2027-03-28` and `02:30`.
 * @param {string | number} at @param {string} zone
 */
export function shownIn(at, zone) {
  const of = Object.fromEntries((clockOf(zone) ?? clockOf("UTC"))?.formatToParts(new Date(at)).map(({ type, value }) => [type, value]) ?? []);
  return { date: `${of.year.padStart(4, "0")}-${of.month}-${of.day}`, time: `${of.hour}:${of.minute}` };
}

/** @param {string} date @param {string} time */
const asUtc = (date, time) => Date.parse(`${date}T${time}Z`);

/** How many minutes clocks there are before UTC. @param {string | number} at @param {string} zone */
export function offsetIn(at, zone) {
  const ms = Math.floor(new Date(at).getTime() / MINUTE_MS) * MINUTE_MS;
  const { date, time } = shownIn(ms, zone);
  return (asUtc(date, time) - ms) / MINUTE_MS;
}

/**
 * The moments at which clocks there show this: one; none where they skip it; two where they are put back.
 * @param {string} date @param {string} time @param {string} zone
 * @returns {number[]} the first one first
 */
export function momentsOf(date, time, zone) {
  const wall = asUtc(date, time);
  if (Number.isNaN(wall)) return [];
  const offsets = new Set([wall - AROUND_MS, wall + AROUND_MS].map((at) => offsetIn(at, zone)));
  const moments = [...offsets].map((offset) => wall - offset * MINUTE_MS);
  return moments.filter((at) => shownIn(at, zone).date === date && shownIn(at, zone).time === time.slice(0, 5)).sort((one, other) => one - other);
}

/** The moment right after the clocks have skipped such a time. @param {string} date @param {string} time @param {string} zone */
export function behindGap(date, time, zone) {
  const wall = asUtc(date, time);
  let [before, behind] = [wall - AROUND_MS, wall + AROUND_MS];
  const offset = offsetIn(before, zone);
  while (behind - before > MINUTE_MS) {
    const middle = Math.round((before + behind) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetIn(middle, zone) === offset) before = middle;
    else behind = middle;
  }
  return behind;
}

/** A time of a clock with its offset, as the API reads it. @param {string} date @param {string} time @param {number} offset in minutes */
export function withOffset(date, time, offset) {
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const minutes = Math.abs(offset);
  return `${date}T${time.slice(0, 5)}:00${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
