// The section `users`: who there is, with roles and status.

import { Element, define } from "../element.js";
import { avatarOf } from "../avatar.js";
import { fill, h } from "../dom.js";
import { field } from "../forms.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { listOf } from "./list.js";
import { chip, filters, heading, lead, opener, when } from "./parts.js";
import { openUser } from "./user.js";

class Users extends Element {
  /** @type {Record<string, any>} */
  #wanted = {};
  list = listOf({
    label: t("admin.users"), empty: t("admin.nobody_found"), key: ({ id }) => id,
    load: (page, signal) => client.rest.get("/users", { ...this.#wanted, ...page }, signal),
    columns: [
      { label: t("admin.name"), cell: (user) => h("div", { class: "person" }, avatarOf(user, "small"), h("div", null, opener(user.name, () => this.#open(user.id)), h("small", null, `@${user.username}`))) },
      { label: t("admin.email"), cell: (user) => user.email ?? "–" },
      { label: t("admin.roles"), cell: (user) => h("div", { class: "inline" }, (user.roles ?? []).map((/** @type {string} */ role) => chip(role, role === "admin" ? "accent" : ""))) },
      { label: t("admin.status"), cell: (user) => (user.status ? chip(t(`admin.status_${user.status}`), user.status === "active" ? "good" : "danger") : "–") },
      { label: t("admin.created"), cell: (user) => when(user.created_at), class: "quiet" },
    ],
  });

  start() {
    const role = this.query.get("role") ?? "";
    this.#wanted = { role: role || undefined };
    const roles = field(t("admin.role"), { name: "role", kind: "select", options: [["", t("admin.all")], ...(role ? [/** @type {[string, string]} */ ([role, role])] : [])], value: role });
    fill(this, heading("users"), lead("admin.users_lead"), filters([
      field(t("app.search"), { name: "search", type: "search", autocomplete: "off", placeholder: t("admin.users_search") }),
      field(t("admin.status"), { name: "status", kind: "select", options: [["", t("admin.all")], ["active", t("admin.status_active")], ["suspended", t("admin.status_suspended")]] }),
      roles,
    ], (values) => {
      this.#wanted = { search: values.search.trim() || undefined, status: values.status || undefined, role: values.role || undefined };
      this.list.first();
    }), this.list, h("p", { class: "soft note" }, t("admin.users_create"), " ", h("code", null, "trunkline user create --email … --name …")));
    this.#offerRoles(roles, role);
  }

  /** Offers the roles that there are, where I may read them. @param {HTMLElement} place @param {string} chosen */
  async #offerRoles(place, chosen) {
    const roles = await client.rest.all("/roles", {}, this.signal).catch(() => []);
    const select = place.querySelector("select");
    for (const { name } of roles) if (name !== chosen) select?.append(h("option", { value: name }, name));
  }

  /** @param {string} id */
  #open(id) {
    return openUser(id, () => this.list.reload());
  }
}

define("tl-admin-users", Users);
