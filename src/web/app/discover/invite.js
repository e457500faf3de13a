// An invite that somebody was given: `<tl-invite-page>`.

import { Element } from "../element.js";
import { button } from "../buttons.js";
import { sentence } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { address, go } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";

/** The page `#/invites/{token}`. */
export class InvitePage extends Element {
  start() {
    const accept = button(t("discover.accept"), () => void this.#accept(accept), { class: "primary" });
    this.#show(t("discover.invited"), t("discover.invited_about"), accept);
    accept.focus();
  }

  /** @param {HTMLButtonElement} pressed */
  async #accept(pressed) {
    pressed.disabled = true;
    try {
      const chat = await client.rest.post(`/invites/${encodeURIComponent(this.params.token)}/accept`);
      // "Back" does not lead to a link that is spent.
      if (this.isConnected) go(`/chats/${chat.id}`, {}, true);
    } catch (caught) {
      const error = /** @type {any} */ (caught);
      if (error.status === 404) return this.#show(t("discover.spent"), t("discover.spent_about"));
      if (error.code === "banned") return this.#show(t("discover.banned"), t("discover.banned_about"));
      pressed.disabled = false;
      this.#show(t("discover.invited"), sentence(error), pressed);
      pressed.focus();
    }
  }

  /** @param {string} title @param {string} text @param {HTMLElement} [action] */
  #show(title, text, action) {
    fill(this, h("div", { class: "empty invite" }, icon("ticket", 56), h("h1", null, title), h("p", { role: "status" }, text),
      h("div", { class: "inline" }, h("a", { class: "button", href: address("/") }, t("app.home")), action)));
  }
}
