// Text with its links made clickable: those to http and https addresses, and nothing else.

import { h } from "./dom.js";

/** An address, up to white space, quotes, or a full-width sign of punctuation. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"'“”«»、。，；：！？）】》」』]+/giu;
/** What ends a sentence and no address. */
const ENDS = ".,;:!?…'";
/** Brackets by what closes them. @type {Record<string, string>} */
const OPENERS = { ")": "(", "]": "[", "}": "{" };

/**
 * The pieces of a text: strings, and links where addresses stood.
 * @param {string} text
 * @returns {(string | HTMLAnchorElement)[]}
 */
export function withLinks(text) {
  /** @type {(string | HTMLAnchorElement)[]} */
  const pieces = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const shown = whole(found);
    const href = addressOf(shown);
    if (!href) continue;
    pieces.push(text.slice(from, index), h("a", { href, rel: "noreferrer noopener", target: "_blank" }, shown));
    from = index + shown.length;
  }
  pieces.push(text.slice(from));
  return pieces.filter((piece) => piece !== "");
}

/** A text as paragraphs; its lines stay lines. @param {string} text */
export function paragraphs(text) {
  return text.split(/\n[^\S\n]*\n\s*/u).filter((part) => part.trim() !== "").map((part) => h("p", { class: "lines", dir: "auto" }, withLinks(part)));
}

/** An address without what belongs to the sentence around it. @param {string} found */
function whole(found) {
  // A bracket that was opened inside of the address belongs to it. Each is counted once: texts may be long, and hold little else.
  const open = Object.fromEntries(Object.entries(OPENERS).map(([closer, opener]) => [closer, count(found, closer) - count(found, opener)]));
  let end = found.length;
  while (end > 0) {
    const last = found[end - 1];
    if (open[last] > 0) open[last] -= 1;
    else if (!ENDS.includes(last)) break;
    end -= 1;
  }
  return found.slice(0, end);
}

/** @param {string} text @param {string} sign */
function count(text, sign) {
  return text.split(sign).length - 1;
}

/** @param {string} text */
function addressOf(text) {
  try {
    const { href, protocol } = new URL(text);
    return protocol === "http:" || protocol === "https:" ? href : null;
  } catch {
    return null;
  }
}
