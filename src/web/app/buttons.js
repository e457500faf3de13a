// Buttons, and menus that open below them.

import { h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * A button with a picture, whose words are read out and shown as a hint.
 * @param {string} name of the picture @param {string} label @param {(event: MouseEvent) => void} onclick @param {import("./dom.js").Props} [props]
 */
export function iconButton(name, label, onclick, props = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...props }, icon(name));
}

/**
 * A button with words.
 * @param {string} label @param {(event: MouseEvent) => void} onclick @param {import("./dom.js").Props} [props] `class`: `primary`, `danger` or `quiet`
 */
export function button(label, onclick, props = {}) {
  return h("button", { type: "button", onclick, ...props, class: `button ${props.class ?? ""}` }, label);
}

/**
 * An entry of a menu.
 * @typedef {{label: string, icon?: string, isDanger?: boolean, run: () => void}} Entry
 */

let menus = 0;

/**
 * Opens a menu at a button. It closes by itself; the arrow keys move in it.
 * @param {HTMLElement} anchor @param {Entry[]} entries
 */
export function openMenu(anchor, entries) {
  const menu = h("div", { class: "menu", role: "menu", id: `menu-${++menus}`, popover: "auto" });
  for (const entry of entries) {
    const onclick = () => {
      menu.hidePopover();
      entry.run();
    };
    const picture = entry.icon ? icon(entry.icon, 18) : null;
    menu.append(h("button", { type: "button", role: "menuitem", class: entry.isDanger ? "danger" : "", onclick }, picture, entry.label));
  }
  menu.addEventListener("toggle", (event) => {
    if (/** @type {any} */ (event).newState === "closed") setTimeout(() => menu.remove());
  });
  menu.addEventListener("keydown", (event) => {
    const items = /** @type {HTMLElement[]} */ ([...menu.children]);
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    items[(at + step + items.length) % items.length].focus();
  });
  // Inside an open dialog only what belongs to it can be used.
  (anchor.closest("dialog") ?? document.body).append(menu);
  place(menu, anchor);
  menu.showPopover();
  place(menu, anchor);
  /** @type {HTMLElement} */ (menu.firstElementChild)?.focus();
}

/** Puts something that floats beside what it belongs to, inside of the window. @param {HTMLElement} floating @param {HTMLElement} anchor */
export function place(floating, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = floating;
  const below = at.bottom + height + 8 < innerHeight || at.top < height + 8;
  const left = document.dir === "rtl" ? at.right - width : at.left;
  floating.style.setProperty("inset", "auto");
  floating.style.setProperty("margin", "0");
  floating.style.setProperty("left", `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`);
  floating.style.setProperty("top", `${Math.max(8, below ? at.bottom + 4 : at.top - height - 4)}px`);
}
