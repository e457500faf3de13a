// A row of the history: a message with what belongs to it, below the day and the divider that begin with it.

import { avatarOf } from "../avatar.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { t, time, whole } from "../words.js";
import { filesOf } from "./attachments.js";
import { quoteOf } from "./quote.js";
import { reactionsOf } from "./reactions.js";
import { readersOf } from "./readers.js";
import { stateOf } from "./states.js";
import { textOf } from "./text.js";

/**
 * A row, as it is to be shown.
 * @typedef {object} Item
 * @property {string} key
 * @property {any} message
 * @property {string | null} day the day that begins with it
 * @property {boolean} isNew whether what is new begins with it
 * @property {boolean} isGrouped whether it goes on with what the one before began
 * @property {any[]} readers who has read up to here
 * @property {boolean} isPinned
 * @property {any} original the message that it replies to, where that is held
 */

/**
 * What a row needs to know of where it stands.
 * @typedef {object} RowContext
 * @property {string} chatId
 * @property {boolean} isLive
 * @property {(id: string | null) => any} person
 * @property {(id: string) => any} find a message that is held
 * @property {() => any[]} all the messages that are held
 * @property {(seq: number) => void} jump
 */

/**
 * The parts of a message, in their order: what decides whether one is made anew (nothing: there is none), and how it is made.
 * @type {[string, (message: any, context: RowContext) => unknown, (message: any, context: RowContext) => HTMLElement][]}
 */
const PARTS = [
  ["quote", ({ reply_to, recalled_at }, context) => reply_to && !recalled_at && [reply_to, context.find(reply_to)?.updated_at], quoteOf],
  ["text", ({ content, edited_at, recalled_at, mentions }) => (content || recalled_at) && [content, edited_at, !!recalled_at, mentions], drawText],
  ["files", ({ attachments, recalled_at }) => attachments?.length && !recalled_at && attachments.map(idOf), (message, context) => filesOf(message, context.all)],
  ["reactions", ({ reactions, recalled_at }) => reactions?.length && !recalled_at && reactions, drawReactions],
  ["state", ({ state, error }) => state && state !== "sent" && [state, error], stateOf],
];

/** @param {any} file of what is not sent yet its id */
const idOf = (file) => file.id ?? file;

/** What each row shows. @type {WeakMap<Element, {item: Item, name: string, parts: Map<string, {sign: string, element: HTMLElement}>}>} */
const shown = new WeakMap();

/** The row in which something lies. @param {any} target @returns {HTMLElement | null} */
export function rowOf(target) {
  return target?.closest?.(".message-row") ?? null;
}

/** The message that a row shows. @param {Element} row @returns {any} */
export function messageOf(row) {
  return shown.get(row)?.item.message;
}

/** @param {Item} item @param {RowContext} context */
export function makeRow(item, context) {
  const body = h("div", { class: "message-body" });
  const row = h("li", { class: "message-row", tabindex: -1 }, h("div", { class: "message" }, body));
  shown.set(row, { item: /** @type {any} */ ({ readers: [] }), name: "", parts: new Map() });
  updateRow(row, item, context);
  return row;
}

/** Brings a row up to date; answers whether what is inside of it was made anew. @param {HTMLElement} row @param {Item} item @param {RowContext} context */
export function updateRow(row, item, context) {
  const of = shown.get(row);
  if (!of) return false;
  const { item: before } = of;
  const { message } = item;
  const person = message.sender_id ? context.person(message.sender_id) : null;
  const name = person?.name ?? (message.sender_id ? t("app.somebody") : "");
  const look = `${name} ${person?.avatar_url}`;
  const isChanged = before.message !== message || before.isGrouped !== item.isGrouped || before.original !== item.original || of.name !== look;
  if (isChanged) {
    of.name = look;
    row.dataset.seq = message.seq ?? "";
    row.dataset.id = message.id ?? "";
    row.className = classOf(item);
    drawHead(row, item, person, name);
    drawParts(/** @type {HTMLElement} */ (row.querySelector(".message-body")), of.parts, message, context);
  }
  if (before.isPinned !== item.isPinned) row.classList.toggle("is-pinned", item.isPinned);
  if (before.day !== item.day || before.isNew !== item.isNew) drawDividers(row, item);
  if (before.readers.length !== item.readers.length || before.readers.some(({ user_id }, at) => user_id !== item.readers[at].user_id)) drawReaders(row, item);
  of.item = item;
  return isChanged;
}

/** @param {Item} item */
function classOf({ message, isGrouped, isPinned }) {
  const isMentioned = message.mentions?.includes(client.userId) && !message.recalled_at;
  const isUnsent = message.state && message.state !== "sent";
  const names = [isGrouped && "is-grouped", message.kind === "system" && "is-system", isPinned && "is-pinned", isMentioned && "is-mentioned", isUnsent && "is-unsent"];
  return ["message-row", ...names.filter(Boolean)].join(" ");
}

/** Picture, name and time; of what goes on only the time. @param {HTMLElement} row @param {Item} item @param {any} person @param {string} name */
function drawHead(row, { message, isGrouped }, person, name) {
  const block = /** @type {HTMLElement} */ (row.lastElementChild);
  for (const old of block.querySelectorAll(":scope > .message-avatar, :scope > .message-time, .message-head")) old.remove();
  if (message.kind === "system") return;
  const stamp = h("time", { class: "message-time", dateTime: message.created_at, title: whole(message.created_at) }, time(message.created_at));
  if (isGrouped) return block.prepend(stamp);
  const known = person ?? { name };
  block.prepend(h("div", { class: "message-avatar", "aria-hidden": "true" }, avatarOf({ ...known, id: message.sender_id })));
  const look = { class: "message-name", dir: "auto" };
  const who = message.sender_id && person ? h("a", { ...look, href: address(`/people/${message.sender_id}`) }, name) : h("span", look, name);
  block.querySelector(".message-body")?.prepend(h("div", { class: "message-head" }, who, stamp));
}

/** The emoji of the reaction that has the focus, if that is in here. @param {HTMLElement | undefined} element */
function focusedEmoji(element) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  return element?.contains(focused) ? focused?.dataset.emoji : undefined;
}

/** @param {HTMLElement} element @param {string} emoji */
function reactionIn(element, emoji) {
  return [...element.querySelectorAll("button")].find(({ dataset }) => dataset.emoji === emoji);
}

/** @param {HTMLElement} body @param {Map<string, {sign: string, element: HTMLElement}>} parts @param {any} message @param {RowContext} context */
function drawParts(body, parts, message, context) {
  /** @type {Element | null} */
  let last = body.querySelector(":scope > .message-head");
  for (const [name, signOf, make] of PARTS) {
    const of = signOf(message, context);
    const sign = of ? JSON.stringify(of) : null;
    const before = parts.get(name);
    const pressed = focusedEmoji(before?.element);
    if (before && before.sign !== sign) {
      before.element.remove();
      parts.delete(name);
    }
    if (sign === null) continue;
    const { element } = parts.get(name) ?? { element: make(message, context) };
    parts.set(name, { sign, element });
    // What stands there already is not moved: a film would stop.
    const place = last ? last.nextSibling : body.firstChild;
    if (place !== element) body.insertBefore(element, place);
    // Who has just pressed a reaction goes on from there.
    if (pressed && !focusedEmoji(element)) reactionIn(element, pressed)?.focus({ preventScroll: true });
    last = element;
  }
}

/** @param {any} message @param {RowContext} context */
function drawReactions(message, context) {
  return reactionsOf(message, context.person, context.isLive);
}

/** @param {any} message @param {RowContext} context */
function drawText(message, context) {
  if (message.recalled_at) return h("div", { class: "message-text is-recalled" }, icon("block", 14), t("messages.recalled"));
  const text = textOf(message, context.person);
  if (message.edited_at) text.append(h("small", { class: "message-edited", title: whole(message.edited_at) }, ` ${t("messages.edited")}`));
  return text;
}

/** @param {HTMLElement} row @param {Item} item */
function drawDividers(row, { day, isNew }) {
  for (const old of row.querySelectorAll(":scope > .divider")) old.remove();
  const dividers = [];
  if (day) dividers.push(h("div", { class: "divider", role: "separator" }, h("span", null, day)));
  if (isNew) dividers.push(h("div", { class: "divider is-new", role: "separator" }, h("span", null, t("messages.new"))));
  row.prepend(...dividers);
}

/** @param {HTMLElement} row @param {Item} item */
function drawReaders(row, { readers }) {
  const block = /** @type {HTMLElement} */ (row.lastElementChild);
  const before = block.querySelector(":scope > .message-readers");
  if (!readers.length) return before?.remove();
  const place = before ?? h("div", { class: "message-readers" });
  fill(place, readersOf(readers));
  block.append(place);
}
