// The buttons that appear at the message to which somebody points, or that has the focus.

import { iconButton, openMenu } from "../buttons.js";
import { fill, h } from "../dom.js";
import { t } from "../words.js";
import { actionsOf } from "./actions.js";
import { messageOf, rowOf } from "../messages/row.js";

/** What has a button of its own; the menu has everything. */
const DIRECT = ["react", "reply", "edit"];

/** The one toolbar of a history. */
export class Toolbar {
  element = h("div", { class: "message-tools", role: "toolbar", "aria-label": t("tools.actions") });
  more = iconButton("more", t("tools.more"), () => this.open(), { "aria-haspopup": "menu" });
  /** @type {HTMLElement | null} */
  #row = null;
  #message = null;

  /** @param {import("../messages/history.js").History} history */
  constructor(history) {
    this.history = history;
    const { list } = history;
    history.listen(list, "pointerover", (event) => event.pointerType === "mouse" && this.show(rowOf(event.target)));
    history.listen(list, "pointerleave", () => this.#leave());
    history.listen(list, "focusin", (event) => this.show(rowOf(event.target)));
    history.listen(list, "focusout", () => setTimeout(() => !list.contains(document.activeElement) && !list.matches(":hover") && this.#leave()));
  }

  /** Shows it at a row. @param {HTMLElement | null} row */
  show(row) {
    const message = row && messageOf(row);
    if (row === this.#row && message === this.#message && (!row || row.contains(this.element))) return;
    const actions = actionsOf(message, this.history, () => this.#anchor(row));
    this.#row = row;
    this.#message = message;
    if (!row || !actions.length) return this.element.remove();
    const hadFocus = this.element.contains(document.activeElement);
    const direct = actions.filter(({ name }) => DIRECT.includes(name));
    fill(this.element, direct.map((action) => iconButton(action.icon, action.label, action.run)), this.more);
    row.lastElementChild?.append(this.element);
    if (hadFocus) row.focus({ preventScroll: true });
  }

  /** Opens the menu of a row. @param {HTMLElement | null} [row] */
  open(row = this.#row) {
    this.show(row);
    const actions = row ? actionsOf(messageOf(row), this.history, () => this.#anchor(row)) : [];
    if (actions.length) openMenu(this.more, actions);
  }

  /** Where something opens that belongs to a row. @param {HTMLElement | null} row */
  #anchor(row) {
    this.show(row);
    return this.more;
  }

  /** Nobody points at it any more; what was opened from it still stands there. */
  #leave() {
    const active = document.activeElement;
    if (active?.closest("[popover]")) return;
    this.show(this.history.list.contains(active) ? rowOf(active) : null);
  }

  /** Does one thing with the message of a row, if that may be done. @param {HTMLElement} row @param {string} name */
  run(row, name) {
    actionsOf(messageOf(row), this.history, () => this.#anchor(row)).find((action) => action.name === name)?.run();
  }
}
