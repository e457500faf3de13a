// The page of administrators: the sections that one may see, and the one of the address.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { button } from "../buttons.js";
import { sentence } from "../dialogs.js";
import { icon } from "../icons.js";
import { address } from "../router.js";
import { t } from "../words.js";
import { visible } from "./rights.js";
import { SECTIONS } from "./sections.js";

class AdminPage extends Element {
  content = h("div", { class: "admin-content", tabindex: -1 });
  navigation = h("nav", { class: "admin-navigation", "aria-label": t("app.admin") });
  /** @type {import("./sections.js").Section[]} */
  sections = [];

  start() {
    this.className = "page wide admin";
    this.#enter();
  }

  moved() {
    if (this.sections.length) this.#show();
    return true;
  }

  async #enter() {
    const loading = setTimeout(() => fill(this, h("p", { class: "empty", role: "status" }, t("app.loading"))), 300);
    try {
      this.sections = await visible(SECTIONS);
    } catch (error) {
      fill(this, h("div", { class: "empty" }, h("p", { role: "alert" }, sentence(error)), button(t("app.retry"), () => this.#enter())));
      return;
    } finally {
      clearTimeout(loading);
    }
    if (!this.isConnected) return;
    if (!this.sections.length) return this.#refuse();
    fill(this.navigation, this.sections.map(({ name, icon: picture }) => h("a", { href: address(`/admin/${name}`), dataset: { name } },
      icon(picture, 18), h("span", null, t(`admin.${name}`)))));
    fill(this, h("div", { class: "admin-frame" }, this.navigation, this.content));
    this.#show();
  }

  /** Shows the section of the address; the first that I may see where none is named. */
  #show() {
    const wanted = this.params.section ?? this.sections[0].name;
    const section = this.sections.find(({ name }) => name === wanted);
    for (const link of /** @type {Iterable<HTMLElement>} */ (this.navigation.children)) {
      if (link.dataset.name !== wanted) link.removeAttribute("aria-current");
      else {
        link.setAttribute("aria-current", "page");
        // On a phone they stand in a row that is longer than the window.
        this.navigation.scrollTo({ left: link.offsetLeft - this.navigation.offsetLeft - 24 });
      }
    }
    this.scrollTop = 0;
    const hadFocus = this.content.contains(document.activeElement);
    fill(this.content, section ? h(section.element, { query: this.query })
      : h("div", { class: "empty" }, h("p", null, t(SECTIONS.some(({ name }) => name === wanted) ? "admin.not_yours" : "app.not_found"))));
    if (hadFocus) this.content.focus({ preventScroll: true });
  }

  #refuse() {
    fill(this, h("div", { class: "empty" }, icon("admin", 40), h("h1", null, t("app.admin")), h("p", null, t("admin.refused")),
      h("a", { class: "button", href: address("/") }, t("app.home"))));
  }
}

/** Gives the page its name. */
export function defineAdminPage() {
  define("tl-admin-page", AdminPage);
}
