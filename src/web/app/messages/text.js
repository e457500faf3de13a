// The text of a message: plain, with links, mentions, and code between backticks.

import { h } from "../dom.js";
import { withLinks } from "../links.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";

/** A block of code between lines of three backticks, or a piece between single ones. */
const CODE = /```(?:[\w+-]*\n)?([^]+?)```|`([^`\n]+)`/gu;
/** What may be a mention. */
const MENTION = /(^|[^\w@/])@([a-z0-9_.]{3,})/giu;
/** How long a few emoji can be; in a long row of them the search for three groups would not end. */
const FEW = 80;
/** Nothing but a few emoji: they are shown larger. */
const EMOJI_ALONE = /^(?:\s*(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2})[\p{Emoji_Modifier}\u{fe0f}\u{200d}\p{Extended_Pictographic}]*){1,3}\s*$/u;

/**
 * What a message says.
 * @param {any} message @param {(id: string) => any} personOf
 */
export function textOf(message, personOf) {
  const { content } = message;
  const names = new Map((message.mentions ?? []).map((/** @type {string} */ id) => [personOf(id)?.username?.toLowerCase(), id]));
  const pieces = [];
  let from = 0;
  for (const found of content.matchAll(CODE)) {
    pieces.push(...withMentions(content.slice(from, found.index), names));
    pieces.push(found[1] === undefined ? h("code", null, found[2]) : h("pre", null, found[1].replace(/\n$/u, "")));
    from = found.index + found[0].length;
    // The line ends with the block.
    if (found[1] !== undefined && content[from] === "\n") from += 1;
  }
  pieces.push(...withMentions(content.slice(from), names));
  return h("div", { class: content.length <= FEW && EMOJI_ALONE.test(content) ? "message-text is-large" : "message-text", dir: "auto" }, pieces);
}

/** @param {string} text @param {Map<string, string>} names the ids of those who are mentioned, by username @returns {(string | Node)[]} */
function withMentions(text, names) {
  if (!names.size || !text.includes("@")) return withLinks(text);
  const pieces = [];
  let from = 0;
  for (const found of text.matchAll(MENTION)) {
    const name = longest(found[2].toLowerCase(), names);
    if (!name) continue;
    const at = found.index + found[1].length;
    pieces.push(...withLinks(text.slice(from, at)), mention(text.slice(at, at + name.length + 1), names.get(name) ?? ""));
    from = at + name.length + 1;
  }
  pieces.push(...withLinks(text.slice(from)));
  return pieces;
}

/** The longest name that a word begins with. @param {string} word @param {Map<string, string>} names */
function longest(word, names) {
  for (let end = word.length; end >= 3; end -= 1) if (names.has(word.slice(0, end))) return word.slice(0, end);
  return "";
}

/** @param {string} text @param {string} id */
function mention(text, id) {
  return h("a", { class: id === client.userId ? "mention is-me" : "mention", href: address(`/people/${id}`) }, text);
}

/** The beginning of what a message says, in one line. @param {any} message */
export function beginningOf(message) {
  if (message.recalled_at) return t("messages.recalled");
  const text = (message.content ?? "").replace(/\s+/gu, " ").trim();
  if (text) return text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return message.attachments?.map((/** @type {any} */ file) => file.name ?? t("messages.file")).join(", ") || t("messages.file");
}
