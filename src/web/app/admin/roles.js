// The section `roles`: what roles there are, and how much each permits.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { button } from "../buttons.js";
import { field } from "../forms.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { listOf } from "./list.js";
import { chip, filters, heading, lead, opener } from "./parts.js";
import { may } from "./rights.js";
import { isShipped, openRole } from "./role.js";

class Roles extends Element {
  #search = "";
  list = listOf({
    label: t("admin.roles"), empty: t("admin.roles_none"), key: ({ name }) => name,
    load: (page, signal) => client.rest.get("/roles", { search: this.#search || undefined, ...page }, signal),
    columns: [
      { label: t("admin.role"), cell: (role) => h("div", { class: "inline" }, opener(role.name, () => this.#open(role)), isShipped(role.name) ? chip(t("admin.shipped")) : null) },
      { label: t("admin.description"), cell: ({ description }) => description || "–" },
      { label: t("admin.permits"), cell: ({ permissions }) => (permissions.includes("*") ? chip(t("admin.everything"), "accent") : t("admin.operations", { count: permissions.length })) },
      { label: t("admin.users"), cell: ({ name }) => h("a", { href: address("/admin/users", { role: name }), "aria-label": t("admin.who_has", { role: name }) }, t("admin.show")) },
    ],
  });

  start() {
    fill(this, heading("roles", may("POST:/api/v1/roles") ? button(t("admin.role_new"), () => this.#open(null), { class: "primary" }) : null), lead("admin.roles_lead"), filters([
      field(t("app.search"), { name: "search", type: "search", autocomplete: "off" }),
    ], ({ search }) => {
      this.#search = search.trim();
      this.list.first();
    }), this.list);
  }

  /** @param {any} role */
  #open(role) {
    return openRole(role, () => this.list.reload());
  }
}

define("tl-admin-roles", Roles);
