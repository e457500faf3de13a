// What is shown above the page: dialogs, questions, and short messages that go by themselves.

import { button, iconButton } from "./buttons.js";
import { h } from "./dom.js";
import { t } from "./words.js";

/**
 * Opens a dialog.
 * @param {string} title
 * @param {(dialog: HTMLDialogElement) => import("./dom.js").Child} content
 * @param {string} [kind] a class
 * @returns {Promise<string>} its `returnValue` when it is closed; "" when it was left
 */
export function openDialog(title, content, kind = "") {
  const dialog = h("dialog", { class: kind, "aria-label": title });
  const close = iconButton("close", t("app.close"), () => dialog.close(""));
  dialog.append(h("header", null, h("h2", null, title), close), h("div", { class: "dialog-content" }, content(dialog)));
  // A click beside it closes it, as Escape does; nothing that was typed is lost that way.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && !dialog.querySelector("form")) dialog.close("");
  });
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

/**
 * Asks before something is done that cannot be undone.
 * @param {string} question @param {string} action what the button says @param {boolean} [isDanger]
 */
export async function confirmed(question, action, isDanger = true) {
  const answer = await openDialog(question, (dialog) => h("div", { class: "actions" },
    button(t("app.cancel"), () => dialog.close("")),
    button(action, () => dialog.close("yes"), { class: isDanger ? "danger" : "primary", autofocus: true })), "question");
  return answer === "yes";
}

/** Says something for a few seconds: text, or a link. @param {import("./dom.js").Child} text @param {"info" | "error"} [kind] */
export function notice(text, kind = "info") {
  let place = document.querySelector(".notices");
  if (!place) document.body.append((place = h("div", { class: "notices", role: "status", "aria-live": "polite", popover: "manual" })));
  const line = h("div", { class: `notice ${kind}` }, text, iconButton("close", t("app.close"), () => line.remove()));
  place.append(line);
  // Above dialogs too.
  const popover = /** @type {HTMLElement} */ (place);
  if (popover.matches(":popover-open")) popover.hidePopover();
  popover.showPopover();
  setTimeout(() => {
    line.remove();
    if (!place.children.length && popover.matches(":popover-open")) popover.hidePopover();
  }, kind === "error" ? 10_000 : 5_000);
}

/** What went wrong, as a sentence. @param {any} error */
export function sentence(error) {
  if (error?.code === "unreachable") return t("app.unreachable");
  const fields = error?.errors?.map((/** @type {any} */ { field, message }) => `${field} ${message}`).join(", ");
  return t("app.error", { message: fields || error?.message || String(error) });
}

/** Tells what went wrong. @param {any} error */
export function tellError(error) {
  if (error?.name === "AbortError") return;
  notice(sentence(error), "error");
}

/** Does something, and tells when it does not work. @param {() => Promise<unknown>} work @returns {Promise<boolean>} whether it worked */
export async function attempt(work) {
  try {
    await work();
    return true;
  } catch (error) {
    tellError(error);
    return false;
  }
}
