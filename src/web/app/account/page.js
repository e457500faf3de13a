// The page of my account. Beside each other where there is room: the sections, and the one that the address names.

import { avatarOf } from "../avatar.js";
import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { address, go } from "../router.js";
import { client, me, session, signOut } from "../session.js";
import { button } from "../buttons.js";
import { t } from "../words.js";

/** The sections: their name in the address, which is their element's too, and their picture. @type {[string, string][]} */
const SECTIONS = [
  ["profile", "account"],
  ["appearance", "star"],
  ["notifications", "bell"],
  ["sessions", "device"],
  ["password", "lock"],
  ["tokens", "key"],
  ["data", "file"],
];

/** Where there is room for one of the two alone. */
const NARROW = matchMedia("(max-width: 800px)");

class Page extends Element {
  content = h("div", { class: "account" });
  #shown = "";

  start() {
    fill(this, h("div", { class: "page wide" }, this.content));
    this.listen(NARROW, "change", () => this.#draw());
    this.listen(session, "change", () => (this.#shown ? this.#drawMe() : this.#draw()));
    this.#draw();
  }

  moved() {
    this.#draw();
    return true;
  }

  #draw() {
    // Who it is is told in a moment.
    if (me() === null) return;
    const wanted = this.params.section ?? "";
    const found = SECTIONS.some(([name]) => name === wanted) ? wanted : NARROW.matches ? "" : "profile";
    const parts = [NARROW.matches && found ? null : this.#sections(found), found ? this.#section(found) : null];
    const now = JSON.stringify([found, NARROW.matches]);
    if (now === this.#shown) return;
    this.#shown = now;
    fill(this.content, parts);
  }

  /** @param {string} current */
  #sections(current) {
    const title = h(current ? "p" : "h1", { class: "account-title" }, t("app.account"));
    const links = SECTIONS.map(([name, picture]) => h("a", { href: address(`/account/${name}`), "aria-current": name === current ? "page" : null },
      icon(picture), h("span", null, t(`account.${name}`))));
    return h("div", { class: "account-side" }, title, h("div", { class: "account-me" }, this.#me()),
      h("nav", { class: "account-sections", "aria-label": t("account.sections") }, links,
        h("a", { href: address("/people", { tab: "blocked" }) }, icon("block"), h("span", null, t("account.blocked")))),
      button(t("account.sign_out"), () => this.#signOut(), { class: "quiet account-sign-out" }));
  }

  #me() {
    const profile = me();
    return profile && h("a", { href: address(`/people/${profile.id}`), class: "account-who" }, avatarOf(profile), h("span", { class: "grow" },
      h("strong", null, profile.name), h("small", null, h("bdi", { dir: "ltr" }, `@${profile.username}`))));
  }

  #drawMe() {
    const place = this.querySelector(".account-me");
    if (place) fill(place, this.#me());
  }

  /** @param {string} name */
  #section(name) {
    const back = NARROW.matches ? h("a", { class: "button quiet account-back", href: address("/account") }, icon("back", 18), t("app.account")) : null;
    return h("div", { class: "account-content stack" }, back, h("h1", null, t(`account.${name}`)), h(`tl-account-${name}`, { class: "stack" }));
  }

  async #signOut() {
    await signOut();
    if (client.userId === null) go("/sign-in", {}, true);
  }
}

define("tl-account-page", Page);
