// The ways back: from a page to where it belongs, and from an event that is no more.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { address } from "../router.js";
import { t } from "../words.js";

/** The link above a page. @param {string} path @param {string} name */
export function backTo(path, name) {
  const arrow = icon("back", 18);
  arrow.classList.add("turns");
  return h("a", { class: "event-back", href: address(path) }, arrow, h("span", { dir: "auto" }, name));
}

/** An event that was deleted, or that nobody has made. */
export function goneView() {
  return h("div", { class: "empty" }, icon("events", 40), h("h1", { tabindex: -1 }, t("events.gone")),
    h("a", { class: "button", href: address("/events") }, t("events.to_all")));
}
