// The permissions of a role: everything, or operations by heading, with a search and "all of them".

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { button } from "../buttons.js";
import { sentence } from "../dialogs.js";
import { field } from "../forms.js";
import { client } from "../session.js";
import { t } from "../words.js";

/** Headings, by how paths begin; the first that fits. @type {[RegExp, string][]} */
const HEADINGS = [
  [/^\/chats\/\{chat_id\}\/(messages|log|pins|reads?)|^\/search|scheduled/, "messages"],
  [/hooks/, "webhooks"],
  [/\/comments/, "comments"],
  [/calendar/, "calendars"],
  [/mute|^\/(notifications|push)|^\/announcements/, "notifications"],
  [/^\/(uploads|files|links)/, "files"],
  [/^\/(events)|tickets/, "events"],
  [/^\/(chats|invites|images)/, "chats"],
  [/^\/(users|avatars)/, "users"],
  [/^\/(friends|blocks)/, "friends"],
  [/^\/auth/, "auth"],
  [/^\/(roles|routes)/, "roles"],
  [/^\/(posts|jobs|schedules|topics|audit)/, "$1"],
];

/** @param {string} path */
function headingOf(path) {
  const short = path.replace(/^\/api\/v1/, "");
  for (const [pattern, name] of HEADINGS) {
    const found = pattern.exec(short);
    if (found) return name === "$1" ? found[1] : name;
  }
  return "other";
}

/** @typedef {{permission: string, summary: string, path: string, method: string}} Operation */

class Permissions extends Element {
  /** What the role permitted when it was opened. @type {string[]} */
  permitted = [];
  /** Whether `*` stays. */
  isFixed = false;
  /** @type {Set<string>} */
  #chosen = new Set();
  #isAll = false;
  #search = "";
  /** @type {Operation[]} */
  #operations = [];
  /** The headings that are open. @type {Set<string>} */
  #open = new Set();
  groups = h("div", { class: "groups" });
  single = h("div", { class: "stack" });

  start() {
    this.#isAll = this.permitted.includes("*");
    this.#chosen = new Set(this.permitted.filter((one) => one !== "*"));
    const search = field(t("admin.permissions_search"), { name: "", type: "search", autocomplete: "off" });
    search.addEventListener("input", ({ target }) => {
      this.#search = /** @type {HTMLInputElement} */ (target).value.trim().toLowerCase();
      this.#draw();
    });
    search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    fill(this.single, search, this.groups);
    this.single.hidden = this.#isAll;
    fill(this, h("fieldset", { class: "stack" }, h("legend", null, t("admin.permits")),
      field(t("admin.permits_all"), {
        name: "", type: "checkbox", checked: this.#isAll, disabled: this.isFixed, hint: t(this.isFixed ? "admin.permits_all_stays" : "admin.permits_all_why"),
        onchange: (/** @type {Event} */ { target }) => {
          this.#isAll = /** @type {HTMLInputElement} */ (target).checked;
          this.single.hidden = this.#isAll;
        },
      }), this.single));
    this.#load();
  }

  /** What the role is to permit. */
  chosen() {
    // Single ones beside everything come back when everything is taken away.
    return this.#isAll ? (this.permitted.includes("*") ? this.permitted : [...this.#chosen, "*"]) : [...this.#chosen];
  }

  async #load() {
    fill(this.groups, h("p", { class: "soft" }, t("app.loading")));
    try {
      const routes = await client.rest.all("/routes", {}, this.signal);
      this.#operations = routes.filter((route) => !route.public);
      // What no operation of this server needs any more can still be taken away.
      const known = new Set(routes.map(({ permission }) => permission));
      for (const permission of this.#chosen) if (!known.has(permission)) this.#operations.push({ permission, summary: t("admin.permission_old"), path: "", method: permission });
      this.#draw();
    } catch (error) {
      if (this.isConnected) fill(this.groups, h("p", { class: "form-error" }, sentence(error)), button(t("app.retry"), () => this.#load()));
    }
  }

  #draw() {
    const words = this.#search.split(/\s+/);
    /** @type {Map<string, Operation[]>} */
    const groups = new Map();
    for (const operation of this.#operations) {
      const text = `${operation.permission} ${operation.summary}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) continue;
      const name = headingOf(operation.path);
      groups.set(name, [...(groups.get(name) ?? []), operation]);
    }
    const sorted = [...groups].map(([name, operations]) => ({ name, title: t(`admin.group_${name}`), operations })).sort((one, other) => one.title.localeCompare(other.title));
    fill(this.groups, sorted.map((group) => this.#group(group)), sorted.length ? null : h("p", { class: "soft" }, t("admin.routes_none")));
  }

  /** @param {{name: string, title: string, operations: Operation[]}} group */
  #group({ name, title, operations }) {
    const count = h("span", { class: "soft" });
    const all = field(t("admin.all_of", { group: title }), { name: "", type: "checkbox" });
    const box = /** @type {HTMLInputElement} */ (all.querySelector("input"));
    const single = operations.map(({ permission, summary, method, path }) => {
      const one = field(summary, {
        name: "", type: "checkbox", checked: this.#chosen.has(permission), hint: `${method} ${path}`,
        onchange: (/** @type {Event} */ { target }) => this.#put([permission], /** @type {HTMLInputElement} */ (target).checked, show),
      });
      return { permission, one, box: /** @type {HTMLInputElement} */ (one.querySelector("input")) };
    });
    const show = () => {
      const chosen = single.filter(({ permission }) => this.#chosen.has(permission)).length;
      for (const { permission, box } of single) box.checked = this.#chosen.has(permission);
      box.checked = chosen === single.length;
      box.indeterminate = chosen > 0 && chosen < single.length;
      count.textContent = t("admin.chosen_of", { chosen, all: single.length });
    };
    box.addEventListener("change", () => this.#put(operations.map(({ permission }) => permission), box.checked, show));
    show();
    const details = h("details", { class: "group", open: this.#search !== "" || this.#open.has(name) }, h("summary", null, h("strong", null, title), count), h("div", { class: "group-content" }, all, single.map(({ one }) => one)));
    details.addEventListener("toggle", () => this.#search || (details.open ? this.#open.add(name) : this.#open.delete(name)));
    return details;
  }

  /** @param {string[]} permissions @param {boolean} isPermitted @param {() => void} show */
  #put(permissions, isPermitted, show) {
    for (const permission of permissions) isPermitted ? this.#chosen.add(permission) : this.#chosen.delete(permission);
    show();
  }
}

define("tl-admin-permissions", Permissions);

/** The permissions of a role. @param {string[]} permitted @param {boolean} isFixed @returns {Permissions} */
export function permissionsOf(permitted, isFixed) {
  return /** @type {Permissions} */ (h("tl-admin-permissions", { permitted, isFixed }));
}
