// The section `overview`: how the server is, and its figures as they come.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { button } from "../buttons.js";
import { field, form } from "../forms.js";
import { icon } from "../icons.js";
import { dateTime, size, t } from "../words.js";
import { Figures, read } from "./metrics.js";
import { chip, heading, wrong } from "./parts.js";
import { plotOf } from "./plot.js";

const EVERY_MS = 5_000;
/** Rates need two looks: the second one comes soon. */
const SOON_MS = 1_000;
const PATIENCE_MS = 10_000;
/** Where the token lies, as long as the tab is open. */
const KEPT = "trunkline.metrics_token";

/** They outlive the section, so that who comes back sees what was before. */
const figures = new Figures();

/** @returns {import("./plot.js").Of[]} */
const plots = () => [
  {
    title: t("admin.plot_requests"), lines: [
      { name: "requests_2", label: t("admin.line_2xx") }, { name: "requests_3", label: t("admin.line_3xx"), isQuiet: true },
      { name: "requests_4", label: t("admin.line_4xx"), isQuiet: true }, { name: "requests_5", label: t("admin.line_5xx"), isQuiet: true },
    ],
  },
  { title: t("admin.plot_messages"), lines: [{ name: "messages", label: t("admin.line_per_second") }] },
  { title: t("admin.plot_delay"), unit: "ms", lines: [{ name: "p50", label: "p50" }, { name: "p99", label: "p99" }] },
  { title: t("admin.plot_sockets"), least: 5, lines: [{ name: "sockets", label: t("admin.line_open") }] },
  { title: t("admin.plot_pool"), least: 5, lines: [{ name: "pool_used", label: t("admin.line_used") }, { name: "pool_open", label: t("admin.line_open") }] },
  { title: t("admin.plot_queue"), unit: "%", lines: [{ name: "queue", label: t("admin.line_filled") }] },
  { title: t("admin.plot_jobs"), least: 5, lines: [{ name: "jobs_waiting", label: t("admin.line_waiting") }, { name: "jobs_running", label: t("admin.line_running") }] },
];

class Overview extends Element {
  health = h("div", { class: "card health" }, t("app.loading"));
  plots = plots().map(plotOf);
  grid = h("div", { class: "plots" }, this.plots);
  note = h("p", { class: "soft" });
  closed = h("div", { hidden: true });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #next;
  /** What the state of the server was when it was drawn last. */
  #shown = "";

  start() {
    fill(this, heading("overview"), h("div", { class: "stack" }, this.health, this.closed, this.grid, this.note));
    for (const plot of this.plots) plot.draw(figures.points);
    this.listen(document, "visibilitychange", () => (document.hidden ? clearTimeout(this.#next) : this.#look()));
    this.#look();
  }

  stop() {
    clearTimeout(this.#next);
  }

  async #look() {
    clearTimeout(this.#next);
    await Promise.all([this.#lookAtHealth(), this.#lookAtFigures()]);
    if (!this.isConnected || document.hidden) return;
    clearTimeout(this.#next);
    this.#next = setTimeout(() => this.#look(), figures.points.length === 1 ? SOON_MS : EVERY_MS);
  }

  async #lookAtHealth() {
    const answer = await fetch("/health/ready", { credentials: "omit", signal: this.#patience() }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (!this.isConnected) return;
    const latest = figures.points[figures.points.length - 1];
    const memory = latest?.memory ? size(latest.memory) : "";
    const state = answer?.ok ? "ready" : answer ? "not_ready" : "away";
    const now = JSON.stringify([state, told?.detail, told?.version, memory]);
    if (now === this.#shown) return;
    this.#shown = now;
    fill(this.health, icon(answer?.ok ? "check" : "warning", 20),
      h("div", { class: "grow", role: "status" }, h("strong", null, t(`admin.health_${state}`)), told?.detail ? h("span", { class: "soft" }, " ", told.detail) : null),
      memory ? chip(t("admin.memory", { size: memory })) : null, told?.version ? chip(t("admin.version", { version: told.version })) : null);
    this.health.classList.toggle("bad", !answer?.ok);
  }

  async #lookAtFigures() {
    const token = sessionStorage.getItem(KEPT);
    /** @type {Record<string, string>} */
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    const answer = await fetch("/metrics", { credentials: "omit", headers, signal: this.#patience() }).catch(() => null);
    const text = answer?.ok ? await answer.text().catch(() => null) : null;
    if (!this.isConnected) return;
    const isClosed = answer?.status === 401 || answer?.status === 403;
    if (isClosed) this.#askForToken(token !== null);
    else if (this.closed.hidden === false && text) fill(this.closed);
    this.closed.hidden = !isClosed;
    this.grid.hidden = this.note.hidden = isClosed;
    if (text) {
      figures.add(read(text, Date.now()));
      for (const plot of this.plots) plot.draw(figures.points);
    }
    if (!isClosed) this.#drawNote(!!text, token !== null);
  }

  /** @param {boolean} isThere @param {boolean} isByToken */
  #drawNote(isThere, isByToken) {
    const latest = figures.points[figures.points.length - 1];
    const at = latest ? dateTime(new Date(latest.at).toISOString(), { timeStyle: "medium" }) : "–";
    fill(this.note, t(isThere ? "admin.figures_at" : "admin.figures_late", { at }), " ",
      figures.instances > 1 ? t("admin.figures_of_many", { count: figures.instances }) : t("admin.figures_of_one"),
      isByToken ? [" ", button(t("admin.token_forget"), () => this.#forget(), { class: "quiet" })] : null);
  }

  /** Says how the figures can be opened. What is being typed stays. @param {boolean} wasWrong */
  #askForToken(wasWrong) {
    if (wasWrong) sessionStorage.removeItem(KEPT);
    if (!wasWrong && this.closed.querySelector("form")) return;
    const ask = form([
      field(t("admin.token"), { name: "token", type: "password", autocomplete: "off", required: true, hint: t("admin.token_hint") }),
      wasWrong ? h("p", { class: "form-error", role: "alert" }, t("admin.token_wrong")) : null,
    ], t("admin.token_use"), async ({ token }) => {
      if (!/^[\x21-\x7e]+$/.test(token.trim())) throw wrong("token", t("admin.token_wrong"));
      sessionStorage.setItem(KEPT, token.trim());
      await this.#look();
      if (this.closed.hidden) /** @type {HTMLElement | null} */ (this.closest(".admin-content"))?.focus();
    });
    fill(this.closed, h("section", { class: "card stack" }, h("h2", null, t("admin.closed")),
      h("p", null, t("admin.closed_why")), h("pre", { tabindex: 0, role: "region", "aria-label": t("admin.closed_setting") }, "http:\n  metrics_token: …"), ask));
    if (wasWrong) this.closed.querySelector("input")?.focus();
  }

  #forget() {
    sessionStorage.removeItem(KEPT);
    this.#look();
  }

  #patience() {
    return AbortSignal.timeout(PATIENCE_MS);
  }
}

define("tl-admin-overview", Overview);
