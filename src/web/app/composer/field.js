// The field where one writes: it grows with its text, and what is put into it can be undone.

/** Whether the browser lets a field grow by itself. */
const GROWS = CSS.supports("field-sizing", "content");

/** Makes it as high as its text. The style sheet says how high at most. @param {HTMLTextAreaElement} field */
export function grow(field) {
  if (GROWS) return;
  field.style.setProperty("height", "auto");
  field.style.setProperty("height", `${field.scrollHeight + 2}px`);
}

/** Puts a text in the place of another one, so that it can be undone. @param {HTMLTextAreaElement} field @param {string} text @param {number} from @param {number} to */
export function replace(field, text, from, to) {
  field.focus();
  field.setSelectionRange(from, to);
  // Old, and the only way that "undo" knows.
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Whether this device is used by touch: there, Enter begins a new line. */
export function isTouched() {
  return matchMedia("(hover: none) and (pointer: coarse)").matches;
}

/** Whether a key belongs to a character that is being put together. @param {KeyboardEvent} event */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/** The files of what is pasted; none where it has a text, too: then a picture is only how it looks. @param {ClipboardEvent} event @returns {File[]} */
export function pastedFiles({ clipboardData }) {
  return clipboardData?.files.length && !clipboardData.getData("text/plain").trim() ? [...clipboardData.files] : [];
}
