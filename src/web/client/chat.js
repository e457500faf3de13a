// One chat as this tab has it: its place in the log, what is listed of it, and, while it is open, its messages and members.

import { applyMyRead, applyToListed, applyToMembers, applyToMessages } from "./entries.js";

/** How long somebody is shown as typing. */
const TYPING_MS = 6_000;

/** What of a chat has to be fetched. @typedef {Set<string>} Missing `list`, `messages`, or the id of a message */

/** The order of a list: newest activity first. @param {any} one @param {any} other */
export function byActivity(one, other) {
  const [first, second] = [one, other].map((row) => row.last_message?.created_at ?? row.created_at);
  return second > first ? 1 : second < first ? -1 : 0;
}

/** One chat. */
export class Chat {
  /** The place of the last entry that was applied; null while that is not known. @type {number | null} */
  seq = null;
  /** Which entry that is; null where that is not known. @type {string | null} */
  entryId = null;
  /** @type {import("./entries.js").Listed | null} */
  listed = null;
  /** @type {import("./entries.js").Window | null} */
  window = null;
  /** @type {Map<string, any> | null} */
  members = null;
  isOpen = false;
  /** The place in the log at which the reader looks; null at its end. @type {number | null} */
  viewportSeq = null;
  /** Entries that come after a hole, until it is filled. @type {Map<number, any>} */
  ahead = new Map();
  /** Entries that were applied while something was being fetched. @type {any[]} */
  journal = [];
  /** Who types, and until when. @type {Map<string, number>} */
  typing = new Map();
  isFilling = false;
  /** When its place was lost last, as the store counts. */
  lostAt = 0;
  /** @type {Missing} */
  missing = new Set();

  /** @param {string} id @param {string} me @param {number} [most] as many messages are held */
  constructor(id, me, most = 400) {
    this.id = id;
    this.me = me;
    this.most = most;
  }

  /** Applies the entry that comes next. @param {any} entry */
  apply(entry) {
    this.seq = entry.seq;
    this.entryId = entry.id;
    this.journal.push(entry);
    if (this.listed && !applyToListed(this.listed, entry, this.me)) this.missing.add("list");
    if (this.window) {
      this.#note(applyToMessages(this.window, entry));
      this.#trim(this.#isViewportInOlderHalf(this.window));
    }
    if (this.members) applyToMembers(this.members, entry);
    if (entry.type === "new_message") this.typing.delete(entry.actor_id);
  }

  /**
   * Takes a row of the list. It may be older or newer than what was applied.
   * @param {any} row
   * @returns {boolean} false where it cannot be used: another one has to be fetched
   */
  takeRow(row) {
    const at = row.last_seq;
    const oldest = this.journal[0]?.seq ?? (this.seq ?? 0) + 1;
    if (this.seq !== null && at < this.seq && at < oldest - 1) return false;
    const mine = this.listed?.row.last_read_seq ?? 0;
    const listed = { row: { ...row }, at, counted: new Map() };
    let isKnown = true;
    for (const entry of this.journal) isKnown = applyToListed(listed, entry, this.me) && isKnown;
    this.listed = listed;
    // Read marks never move back: this one came while the row was fetched.
    if (mine > row.last_read_seq) isKnown = applyMyRead(listed, mine) && isKnown;
    return isKnown;
  }

  /**
   * Takes a page of messages: the newest, those around a place, or those beside what is held.
   * @param {any[]} messages by seq
   * @param {number} limit how many were asked for
   * @param {{before_seq?: number, after_seq?: number, around_seq?: number}} asked
   */
  takeMessages(messages, limit, { before_seq: before, after_seq: after, around_seq: around }) {
    const held = this.window;
    // They were asked for beside what is held no more.
    if ((before !== undefined && held?.from !== before) || (after !== undefined && held?.to !== after)) return;
    const later = around === undefined ? 0 : messages.filter(({ seq }) => seq > around).length;
    const areAll = messages.length < limit;
    const isFirst = around === undefined ? areAll : messages.length - later <= limit >> 1;
    const isLast = around === undefined ? areAll || after === undefined : later < (limit - 1) >> 1;
    const window = {
      messages,
      from: after !== undefined ? after + 1 : isFirst ? 0 : (messages[0]?.seq ?? 0),
      to: before !== undefined ? before - 1 : isLast ? Infinity : messages[messages.length - 1].seq,
    };
    for (const entry of this.journal) this.#note(applyToMessages(window, entry));
    if (before !== undefined && held) {
      this.window = { messages: [...messages, ...held.messages], from: window.from, to: held.to };
    } else if (after !== undefined && held) {
      this.window = { messages: [...held.messages, ...messages], from: held.from, to: window.to };
    } else {
      this.window = window;
    }
    this.#trim(before !== undefined);
  }

  /** Lets go of messages where there are too many. @param {boolean} atEnd of the newest, else of the oldest */
  #trim(atEnd) {
    const held = this.window;
    const extra = held ? held.messages.length - this.most : 0;
    if (!held || extra <= 0) return;
    held.messages.splice(atEnd ? this.most : 0, extra);
    if (atEnd) held.to = held.messages[this.most - 1].seq;
    else held.from = held.messages[0].seq;
  }

  /** Whether the reader looks at the older half of what is held. @param {import("./entries.js").Window} held */
  #isViewportInOlderHalf({ messages }) {
    return this.viewportSeq !== null && this.viewportSeq < messages[messages.length >> 1]?.seq;
  }

  /** Takes a message as it is now. @param {any} message */
  takeMessage(message) {
    for (const held of [this.window, this.listed?.row.last_message?.id === message.id ? "last" : null]) {
      if (!held) continue;
      const one = { messages: [message], from: 0, to: Infinity };
      for (const entry of this.journal) {
        if (entry.type !== "new_message" || entry.message.id === message.id) this.#note(applyToMessages(one, entry));
      }
      if (held === "last" && this.listed) this.listed.row = { ...this.listed.row, last_message: one.messages[0] };
      if (typeof held === "object") {
        const at = held.messages.findIndex(({ id }) => id === message.id);
        if (at >= 0) held.messages[at] = one.messages[0];
      }
    }
  }

  /** @param {any[]} all */
  takeMembers(all) {
    const before = this.members;
    const members = new Map();
    for (const member of all) {
      const last_read_seq = Math.max(member.last_read_seq, before?.get(member.user_id)?.last_read_seq ?? 0);
      members.set(member.user_id, { ...member, last_read_seq });
    }
    for (const entry of this.journal) applyToMembers(members, entry);
    this.members = members;
  }

  /** Somebody has read. @param {string} userId @param {number} seq */
  read(userId, seq) {
    const member = this.members?.get(userId);
    if (member && member.last_read_seq < seq) this.members?.set(userId, { ...member, last_read_seq: seq });
    if (userId === this.me && this.listed && !applyMyRead(this.listed, seq)) this.missing.add("list");
  }

  /** Somebody types. @param {string} userId @param {() => void} onChange called when that fades */
  types(userId, onChange) {
    this.typing.set(userId, Date.now() + TYPING_MS);
    setTimeout(() => {
      if ((this.typing.get(userId) ?? Infinity) > Date.now()) return;
      this.typing.delete(userId);
      onChange();
    }, TYPING_MS + 10);
  }

  /** The place is not known any more: all is to be fetched anew. */
  lose() {
    this.seq = this.entryId = null;
    this.ahead.clear();
    this.journal = [];
  }

  /** @param {string | null} missing */
  #note(missing) {
    if (missing) this.missing.add(missing === "*" ? "messages" : missing);
  }
}
