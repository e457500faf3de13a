// Text with its links made clickable: those to http and https addresses, and nothing else.

import { h } from "./dom.js";

/** An address, up to white space, quotes, or a full-width sign of punctuation. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"'“”«»、。，；：！？）】》」』]+/giu;
/** What ends a sentence and no address. */
const END = /[.,;:!?…']+$/u;
const PAIRS = { ")": "(", "]": "[", "}": "{" };

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
  for (let shown = found; ; ) {
    let shorter = shown.replace(END, "");
    const last = /** @type {keyof typeof PAIRS} */ (shorter.at(-1));
    // A bracket that was opened inside of the address belongs to it.
    if (last in PAIRS && count(shorter, last) > count(shorter, PAIRS[last])) shorter = shorter.slice(0, -1);
    if (shorter === shown) return shown;
    shown = shorter;
  }
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
