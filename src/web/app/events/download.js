// Links to what the server makes: a calendar, a table.

import { attempt } from "../dialogs.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { client } from "../session.js";

/**
 * A link that downloads. The browser asks for it with the cookie alone, so that is made fresh before.
 * @param {string} label @param {string} path below `/api/v1` @param {string} name of the file
 */
export function downloadLink(label, path, name) {
  const link = h("a", { class: "button", href: `/api/v1${path}`, download: name, onclick: (/** @type {Event} */ event) => {
    if (!event.isTrusted) return;
    event.preventDefault();
    attempt(async () => {
      await client.rest.session.fresh();
      link.click();
    });
  } }, icon("download", 18), label);
  return link;
}
