// What a text is to the server: how long, and whether anything of it can be seen.

/** How many characters a message has at most. */
export const MOST = 4096;
/** What is longer is not counted exactly. */
const COUNTED = 100_000;

const UNSEEN = /^[\s\p{Default_Ignorable_Code_Point}\u115F\u1160\u2800\u3164\uFFA0]*$/u;

/** How many characters it has, as the server counts: code points. @param {string} text */
export function lengthOf(text) {
  if (text.length > COUNTED) return text.length;
  let count = text.length;
  for (let at = 0; at < text.length - 1; at += 1) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) count -= 1;
  }
  return count;
}

/** Whether nothing of it can be seen. @param {string} text */
export function isBlank(text) {
  return UNSEEN.test(text);
}

/** As it is sent: without empty lines around it, and with nothing that is no character. @param {string} text */
export function sendable(text) {
  const whole = text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
  return /** @type {any} */ (whole).toWellFormed?.() ?? whole;
}

/** The beginning of a text, in one line. @param {string | null | undefined} text @param {number} [most] */
export function beginning(text, most = 160) {
  const line = (text ?? "").slice(0, most * 2).replace(/\s+/g, " ").trim();
  const characters = [...line];
  return characters.length > most ? `${characters.slice(0, most).join("")}…` : line;
}

/** Several texts below each other. @param {string[]} texts */
export function joined(texts) {
  return texts.filter(Boolean).join("\n");
}
