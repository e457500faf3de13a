// Tokens for programs that act for me.

import { button } from "../buttons.js";
import { attempt, confirmed, openDialog, sentence } from "../dialogs.js";
import { Element, define } from "../element.js";
import { fill, fillKeyed, h } from "../dom.js";
import { field, form } from "../forms.js";
import { icon } from "../icons.js";
import { client } from "../session.js";
import { t, whole } from "../words.js";
import { toCopy } from "./copy.js";
import { freshly } from "./fresh.js";
import "./scopes.js";

const DAY_MS = 86_400_000;
/** After how many days a token may end; 0 is never. */
const ENDS = [30, 7, 90, 365, 0];

class Tokens extends Element {
  /** @type {any[]} */
  items = [];
  rows = h("ul", { class: "rows" });
  status = h("p", { class: "soft", role: "status" }, t("app.loading"));
  making = h("section", { class: "card" });

  start() {
    fill(this, h("p", { class: "soft" }, t("account.tokens_hint")), this.status, this.rows, this.making);
    this.#drawForm();
    this.#load();
  }

  async #load() {
    try {
      this.items = await client.rest.all("/auth/tokens", {}, this.signal);
      this.draw();
    } catch (error) {
      if (!this.signal.aborted) fill(this.status, sentence(error), " ", button(t("app.retry"), () => this.#load()));
    }
  }

  draw() {
    fillKeyed(this.rows, this.items, ({ id }) => id, (item) => this.#row(item));
    this.status.hidden = this.items.length > 0;
    fill(this.status, t("account.no_tokens"));
  }

  /** @param {any} item */
  #row({ id, name, scopes, expires_at, last_used_at }) {
    const isOver = expires_at !== null && Date.parse(expires_at) < Date.now();
    const about = [
      scopes.length ? t("account.scopes_count", { count: scopes.length }) : t("account.everything"),
      expires_at ? t(isOver ? "account.ended_at" : "account.ends_at", { time: whole(expires_at) }) : t("account.never_ends"),
      last_used_at ? t("account.last_used", { time: whole(last_used_at) }) : t("account.never_used"),
    ];
    return h("li", null, h("span", { class: "soft" }, icon("key", 22)), h("div", { class: "grow" },
      h("div", { class: "inline" }, h("strong", null, name), isOver ? h("span", { class: "chip danger" }, t("account.over")) : null),
      h("div", { class: "soft account-small", title: scopes.join("\n") }, about.join(" · "))),
    button(t("account.end_token"), () => this.#end(id, name), { "aria-label": `${t("account.end_token")}: ${name}` }));
  }

  #drawForm() {
    const scopes = /** @type {any} */ (h("tl-scopes", { hidden: true }));
    const kinds = [["all", "account.scopes_all"], ["some", "account.scopes_some"]].map(([value, words]) => field(t(words), {
      name: "kind", type: "radio", value, checked: value === "all", onchange: () => (scopes.hidden = value === "all"),
    }));
    fill(this.making, h("h2", null, t("account.new_token")), form([
      field(t("account.token_name"), { name: "name", maxlength: 255, required: true, autocomplete: "off", hint: t("account.token_name_hint") }),
      h("fieldset", { class: "account-contacts" }, h("legend", null, t("account.scopes")), kinds, scopes),
      field(t("account.token_ends"), { name: "days", kind: "select", value: String(ENDS[0]), options: ENDS.map((days) => [String(days), days ? t("account.days", { count: days }) : t("account.never")]) }),
    ], t("account.make_token"), async ({ name, kind, days }) => {
      const chosen = kind === "some" ? scopes.chosen : [];
      if (kind === "some" && !chosen.length) throw { message: "", errors: [{ field: "kind", message: t("account.choose_some") }] };
      const expires_at = Number(days) ? new Date(Date.now() + Number(days) * DAY_MS).toISOString() : undefined;
      const { token, ...item } = await freshly((current_password) => client.rest.post("/auth/tokens", { name: name.trim(), scopes: chosen, expires_at, current_password }));
      this.items = [item, ...this.items];
      this.draw();
      this.#drawForm();
      await openDialog(t("account.token_made"), () => [h("p", null, t("account.token_once")), toCopy(t("account.token_made"), token)]);
    }));
  }

  /** @param {string} id @param {string} name */
  async #end(id, name) {
    if (!(await confirmed(t("account.end_token_question", { name }), t("account.end_token")))) return;
    const isGone = await attempt(() => client.rest.delete(`/auth/tokens/${id}`).catch((error) => {
      if (error.status !== 404) throw error;
    }));
    if (!isGone) return;
    this.items = this.items.filter((item) => item.id !== id);
    this.draw();
    /** @type {HTMLElement | null} */ (this.rows.querySelector("button") ?? this.making.querySelector("input"))?.focus();
  }
}

define("tl-account-tokens", Tokens);
