// Where I am signed in.

import { button } from "../buttons.js";
import { attempt, confirmed, notice, sentence } from "../dialogs.js";
import { Element, define } from "../element.js";
import { fill, fillKeyed, h } from "../dom.js";
import { icon } from "../icons.js";
import { client } from "../session.js";
import { t, whole } from "../words.js";

/** Browsers and systems by what they call themselves; the first that fits. @type {[RegExp, string][]} */
const BROWSERS = [[/Edg\//, "Edge"], [/OPR\//, "Opera"], [/Firefox\//, "Firefox"], [/Chrom(e|ium)\//, "Chrome"], [/Safari\//, "Safari"]];
/** @type {[RegExp, string][]} */
const SYSTEMS = [[/Android/, "Android"], [/iPhone|iPad/, "iOS"], [/Windows/, "Windows"], [/Mac OS X/, "macOS"], [/CrOS/, "ChromeOS"], [/Linux/, "Linux"]];

/** What a device is called: its browser and system, or what it calls itself. @param {string} agent */
function nameOf(agent) {
  const find = (/** @type {[RegExp, string][]} */ known) => known.find(([pattern]) => pattern.test(agent))?.[1];
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)];
  if (browser) return system ? t("account.browser_on", { browser, system }) : browser;
  return agent || t("account.unknown_device");
}

class Sessions extends Element {
  /** @type {any[]} */
  items = [];
  rows = h("ul", { class: "rows" });
  status = h("p", { class: "soft", role: "status" }, t("app.loading"));
  others = button(t("account.end_others"), () => this.#endOthers(), { class: "danger", hidden: true });

  start() {
    fill(this, h("p", { class: "soft" }, t("account.sessions_hint")), this.status, this.rows, h("div", { class: "actions" }, this.others));
    this.#load();
  }

  async #load() {
    try {
      const items = await client.rest.all("/auth/sessions", {}, this.signal);
      this.items = items.sort((one, other) => Number(other.current) - Number(one.current));
      this.status.hidden = true;
      this.draw();
    } catch (error) {
      if (!this.signal.aborted) fill(this.status, sentence(error), " ", button(t("app.retry"), () => this.#load()));
    }
  }

  draw() {
    fillKeyed(this.rows, this.items, ({ id }) => id, (item) => this.#row(item));
    this.others.hidden = this.items.length < 2;
  }

  /** @param {any} item */
  #row({ id, user_agent, address, created_at, last_used_at, current }) {
    const isPhone = /Mobile|Android|iPhone/.test(user_agent);
    const name = nameOf(user_agent);
    return h("li", null, h("span", { class: "soft" }, icon(isPhone ? "phone" : "device", 22)), h("div", { class: "grow" },
      h("div", { class: "inline" }, h("strong", { title: user_agent }, name), current ? h("span", { class: "chip good" }, t("account.this_session")) : null),
      h("div", { class: "soft account-small", title: t("account.signed_in_at", { time: whole(created_at) }) }, [address, t("account.last_used", { time: whole(last_used_at) })].join(" · "))),
    current ? null : button(t("account.end_session"), () => this.#end(id, name), { "aria-label": `${t("account.end_session")}: ${name}` }));
  }

  /** @param {string} id @param {string} name */
  async #end(id, name) {
    if (!(await confirmed(t("account.end_question", { name }), t("account.end_session")))) return;
    if (await attempt(() => ended(id))) this.#gone([id]);
  }

  async #endOthers() {
    if (!(await confirmed(t("account.end_others_question"), t("account.end_others")))) return;
    this.others.disabled = true;
    for (const { id, current } of [...this.items]) {
      if (!current && !(await attempt(() => ended(id)))) break;
      if (!current) this.#gone([id]);
    }
    this.others.disabled = false;
    if (this.items.length === 1) notice(t("account.others_ended"));
  }

  /** @param {string[]} ids */
  #gone(ids) {
    this.items = this.items.filter(({ id }) => !ids.includes(id));
    this.draw();
    /** @type {HTMLElement | null} */ (this.rows.querySelector("button") ?? this.closest("tl-account-page")?.querySelector("h1"))?.focus();
  }
}

/** Ends a session; one that has ended already is as good. @param {string} id */
async function ended(id) {
  await client.rest.delete(`/auth/sessions/${id}`).catch((error) => {
    if (error.status !== 404) throw error;
  });
}

define("tl-account-sessions", Sessions);
