// What is shown where an event is no more.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { address } from "../router.js";
import { t } from "../words.js";

/** An event that was deleted, or that nobody has made. */
export function goneView() {
  return h("div", { class: "empty" }, icon("events", 40), h("h1", { tabindex: -1 }, t("events.gone")),
    h("a", { class: "button", href: address("/events") }, t("events.to_all")));
}
