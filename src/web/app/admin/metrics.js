// Reads the server's figures, and what has become of them from one look to the next.

/**
 * What one look at `GET /metrics` told.
 * @typedef {object} Sample
 * @property {number} at milliseconds
 * @property {number} start when the process began: it tells instances behind a balancer apart
 * @property {Record<string, number>} requests by the first digit of their status
 * @property {number} messages
 * @property {[number, number][]} buckets of the time from commit to socket: up to so many seconds, so many
 * @property {Record<string, number>} now what is as it is: `sockets`, `pool_used` …
 */

/**
 * A point of the plots; null where it cannot be known.
 * @typedef {{at: number} & Record<string, number | null>} Point
 */

/** For how long points are kept. */
export const SPAN_MS = 15 * 60_000;
/** Over how long the times to the sockets are gathered: few messages tell little. */
const GATHER_MS = 60_000;

const LINE = /^trunkline_([a-z_]+)(?:\{(.*)\})? (\S+)$/;
const REQUESTS = "http_requests_total";
const BUCKET = "commit_to_socket_seconds_bucket";

/** Figures that are shown as they are: their names here, and in the answer. @type {Record<string, string>} */
const NOW = {
  sockets: "sockets", connections: "connections", queue: "notification_queue_usage", jobs_waiting: "jobs_waiting", jobs_running: "jobs_running",
  memory: "process_resident_memory_bytes",
};

/** Reads an answer. @param {string} text @param {number} at @returns {Sample} */
export function read(text, at) {
  /** @type {Sample} */
  const sample = { at, start: 0, requests: { 2: 0, 3: 0, 4: 0, 5: 0 }, messages: 0, buckets: [], now: {} };
  const names = new Map(Object.entries(NOW).map(([here, there]) => [there, here]));
  for (const line of text.split("\n")) {
    // Most of the answer tells of jobs and of single routes.
    if (line.startsWith("#") || line.startsWith("trunkline_jobs_total") || line.startsWith("trunkline_http_request_seconds")) continue;
    const found = LINE.exec(line);
    if (!found) continue;
    const [, name, labels = "", text] = found;
    const value = Number(text);
    if (name === REQUESTS) {
      const digit = /status="(\d)/.exec(labels)?.[1] ?? "";
      if (digit in sample.requests) sample.requests[digit] += value;
    } else if (name === BUCKET) sample.buckets.push([limit(labels), value]);
    else if (name === "messages_posted_total") sample.messages = value;
    else if (name === "process_start_time_seconds") sample.start = value;
    else if (name === "pool_connections") sample.now[`pool_${/state="(\w+)"/.exec(labels)?.[1]}`] = value;
    else if (names.has(name)) sample.now[names.get(name) ?? ""] = value;
  }
  sample.buckets.sort(([one], [other]) => one - other);
  return sample;
}

/** @param {string} labels */
function limit(labels) {
  const text = /le="([^"]+)"/.exec(labels)?.[1] ?? "+Inf";
  return text === "+Inf" ? Infinity : Number(text);
}

/** Gathers samples of the last quarter of an hour. */
export class Figures {
  /** @type {Sample[]} */
  samples = [];
  /** @type {Point[]} */
  points = [];

  /** Takes a sample over, and answers its point. @param {Sample} sample */
  add(sample) {
    const ofSame = this.samples.filter(({ start }) => start === sample.start);
    const point = between(ofSame[ofSame.length - 1], ofSame.find(({ at }) => sample.at - at <= GATHER_MS), sample);
    this.samples = [...this.samples.filter(({ at }) => sample.at - at <= SPAN_MS), sample];
    this.points = [...this.points.filter(({ at }) => sample.at - at <= SPAN_MS), point];
    return point;
  }

  /** How many instances have answered within the last minute. */
  get instances() {
    const latest = this.samples[this.samples.length - 1]?.at ?? 0;
    return new Set(this.samples.filter(({ at }) => latest - at <= GATHER_MS).map(({ start }) => start)).size;
  }
}

/** @param {Sample | undefined} before @param {Sample | undefined} earlier @param {Sample} sample @returns {Point} */
function between(before, earlier, sample) {
  const { pool_used: used = 0, pool_idle: idle = 0 } = sample.now;
  /** @type {any} */
  const point = { at: sample.at, ...sample.now, pool_used: used, pool_open: used + idle, queue: (sample.now.queue ?? 0) * 100 };
  const seconds = before ? (sample.at - before.at) / 1000 : 0;
  for (const digit of Object.keys(sample.requests)) {
    point[`requests_${digit}`] = before && seconds > 0 ? (sample.requests[digit] - before.requests[digit]) / seconds : null;
  }
  point.messages = before && seconds > 0 ? (sample.messages - before.messages) / seconds : null;
  point.p50 = earlier ? quantile(earlier.buckets, sample.buckets, 0.5) : null;
  point.p99 = earlier ? quantile(earlier.buckets, sample.buckets, 0.99) : null;
  return point;
}

/**
 * The milliseconds that a share of what came between two looks did not exceed, as near as the buckets tell; null where nothing came.
 * @param {[number, number][]} before @param {[number, number][]} after @param {number} share
 */
export function quantile(before, after, share) {
  const counts = after.map(([limit, count], at) => [limit, count - (before[at]?.[1] ?? 0)]);
  const all = counts[counts.length - 1]?.[1] ?? 0;
  if (all <= 0) return null;
  const wanted = all * share;
  let [below, passed] = [0, 0];
  for (const [limit, count] of counts) {
    if (count >= wanted) return 1000 * (limit === Infinity ? below : below + ((limit - below) * (wanted - passed)) / Math.max(count - passed, 1));
    [below, passed] = [limit, count];
  }
  return below * 1000;
}
