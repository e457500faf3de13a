// The section `routes`: every operation of the server, and which roles permit it.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { field } from "../forms.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { listOf } from "./list.js";
import { chip, filters, heading, lead } from "./parts.js";

class Routes extends Element {
  #search = "";
  #role = "";
  /** @type {Promise<any[]> | null} */
  #all = null;
  /** Roles with what they permit; none where I may not read them. @type {any[]} */
  #roles = [];
  list = listOf({
    label: t("admin.routes"), empty: t("admin.routes_none"), key: ({ method, path }) => `${method} ${path}`, size: 50,
    load: (page) => this.#load(page),
    columns: [
      { label: t("admin.operation"), cell: ({ summary }) => summary },
      { label: t("admin.permission"), cell: ({ method, path, permission, public: isPublic }) => (isPublic ? h("div", null, h("code", null, `${method} ${path}`), " ", chip(t("admin.public"))) : h("code", null, permission)) },
      { label: t("admin.permitted_by"), cell: ({ public: isPublic, roles }) => h("div", { class: "inline" }, isPublic ? t("admin.everybody") : roles.map((/** @type {string} */ role) => chip(role, role === "admin" ? "accent" : ""))) },
    ],
  });

  start() {
    const role = field(t("admin.role"), { name: "role", kind: "select", options: [["", t("admin.all")]] });
    fill(this, heading("routes"), lead("admin.routes_lead"), filters([
      field(t("app.search"), { name: "search", type: "search", autocomplete: "off", placeholder: t("admin.routes_search") }), role,
    ], (values) => {
      [this.#search, this.#role] = [values.search.trim().toLowerCase(), values.role];
      this.list.first();
    }), this.list);
    this.#read().then(() => {
      for (const { name } of this.#roles) role.querySelector("select")?.append(h("option", { value: name }, name));
      role.hidden = this.#roles.length === 0;
    }, () => {});
  }

  /** Everything, once: there are few enough. */
  #read() {
    this.#all ??= this.#fetch().catch((error) => {
      this.#all = null;
      throw error;
    });
    return this.#all;
  }

  async #fetch() {
    const [routes, roles] = await Promise.all([
      client.rest.all("/routes", {}, this.signal),
      client.rest.all("/roles", {}, this.signal).catch((error) => (error.status === 403 ? [] : Promise.reject(error))),
    ]);
    this.#roles = roles.map(({ name, permissions }) => ({ name, permissions: new Set(permissions) }));
    return routes.map((route) => ({ ...route, roles: this.#roles.filter(({ permissions }) => permissions.has("*") || permissions.has(route.permission)).map(({ name }) => name) }));
  }

  /** @param {{limit: number, offset: number}} page */
  async #load({ limit, offset }) {
    const words = this.#search.split(/\s+/);
    const fits = (await this.#read()).filter(({ method, path, summary, roles }) => {
      const text = `${method} ${path} ${summary}`.toLowerCase();
      return words.every((word) => text.includes(word)) && (!this.#role || roles.includes(this.#role));
    });
    return { items: fits.slice(offset, offset + limit), total: fits.length };
  }
}

define("tl-admin-routes", Routes);
