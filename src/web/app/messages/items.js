// The rows of a history: which messages are shown, and what stands between them.

import { client } from "../session.js";
import { day } from "../words.js";
import { marksOf } from "./readers.js";

/** The most rows in the page. */
export const MOST = 280;
/** How many more are shown when the reader comes near an end of them. */
export const STEP = 40;
/** Messages of one person within so long stand together. */
const TOGETHER_MS = 5 * 60_000;

/** The key of a message: one of mine keeps its row when it comes into the log. @param {any} message */
const keyOf = (message) => (message.client_id && message.sender_id === client.userId ? `mine ${message.client_id}` : message.id);

/**
 * A part of the messages that are held: those from one place in the log to another one.
 */
export class Slice {
  first = 0;
  /** Infinity: to the end. */
  last = Infinity;

  /** Shows what lies around a place. @param {any[]} messages @param {number} seq */
  around(messages, seq) {
    const at = Math.max(0, place(messages, seq));
    this.first = messages[Math.max(0, at - STEP / 2)]?.seq ?? 0;
    const end = at + STEP / 2;
    this.last = end >= messages.length ? Infinity : messages[end].seq ?? Infinity;
  }

  /** Shows the end. @param {any[]} messages */
  toEnd(messages) {
    this.first = messages[Math.max(0, messages.length - STEP)]?.seq ?? 0;
    this.last = Infinity;
  }

  /**
   * Where it begins and ends among the messages. Of too many those at one end are left out.
   * @param {any[]} messages @param {boolean} fromEnd the end is what counts
   * @returns {[number, number]}
   */
  bounds(messages, fromEnd) {
    let low = place(messages, this.first);
    let high = this.last === Infinity ? messages.length : place(messages, this.last + 1);
    if (high - low > MOST && fromEnd) low = high - MOST;
    if (high - low > MOST) high = low + MOST;
    if (messages[low]?.seq !== undefined) this.first = messages[low].seq;
    this.last = high >= messages.length ? this.last : (messages[high - 1]?.seq ?? Infinity);
    return [low, high];
  }

  /** Shows more at the beginning; says whether there was more. @param {any[]} messages */
  growUp(messages) {
    const [low, high] = this.bounds(messages, false);
    if (low === 0) return false;
    const from = Math.max(0, low - STEP);
    this.first = messages[from].seq;
    if (high - from > MOST) this.last = messages[from + MOST - 1].seq ?? Infinity;
    return true;
  }

  /** Shows more at the end; says whether there was more. @param {any[]} messages */
  growDown(messages) {
    const [low, high] = this.bounds(messages, true);
    if (high >= messages.length) {
      this.last = Infinity;
      return false;
    }
    const to = Math.min(messages.length, high + STEP);
    this.last = to === messages.length ? Infinity : (messages[to - 1].seq ?? Infinity);
    if (to - low > MOST) this.first = messages[to - MOST].seq ?? this.first;
    return true;
  }
}

/** The index of the first message at or behind a place; those that are not sent yet are behind all places. @param {any[]} messages @param {number} seq */
export function place(messages, seq) {
  let [low, high] = [0, messages.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle].seq ?? Infinity) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What is shown of some messages.
 * @param {import("./source.js").State} state @param {[number, number]} bounds
 * @param {{newAfter: number | null, pins: Set<string>}} more `newAfter`: what is behind this place was new when the chat was opened
 * @returns {import("./row.js").Item[]}
 */
export function itemsOf(state, [low, high], { newAfter, pins }) {
  const { messages } = state;
  const marks = marksOf(state);
  const held = new Map(messages.map((message) => [message.id, message]));
  const firstNew = newAfter === null ? undefined : firstBehind(state, newAfter);
  const items = [];
  for (let at = low; at < high; at += 1) {
    const [message, before] = [messages[at], messages[at - 1]];
    const isNewDay = before ? !isSameDay(before, message) : !state.hasOlder || at > 0;
    const isNew = message === firstNew;
    items.push({
      key: keyOf(message) ?? String(message.seq),
      message,
      day: isNewDay ? day(message.created_at) : null,
      isNew,
      isGrouped: !isNewDay && !isNew && !!before && isTogether(before, message),
      readers: marks.get(message.id) ?? [],
      isPinned: pins.has(message.id),
      original: message.reply_to ? held.get(message.reply_to) : undefined,
    });
  }
  return items;
}

/** The first message of somebody else behind a place, where it is known that it is the first. @param {import("./source.js").State} state @param {number} seq */
function firstBehind({ messages, hasOlder }, seq) {
  const from = place(messages, seq + 1);
  if (from === 0 && hasOlder) return undefined;
  for (let at = from; at < messages.length; at += 1) if (isOthers(messages[at])) return messages[at];
  return undefined;
}

/** @param {any} message */
function isOthers({ sender_id, kind }) {
  return kind !== "system" && sender_id !== client.userId;
}

/** @param {any} one @param {any} other */
function isTogether(one, other) {
  return one.sender_id === other.sender_id && one.kind !== "system" && other.kind !== "system" && !other.reply_to &&
    Date.parse(other.created_at) - Date.parse(one.created_at) < TOGETHER_MS;
}

/** @param {any} one @param {any} other */
function isSameDay(one, other) {
  return new Date(one.created_at).toDateString() === new Date(other.created_at).toDateString();
}
