// One job: all that is known of it, as long as it runs.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { button } from "../buttons.js";
import { attempt, confirmed, notice, openDialog } from "../dialogs.js";
import { client } from "../session.js";
import { number, t } from "../words.js";
import { writeJson } from "./json.js";
import { block, chip, facts, told, when } from "./parts.js";
import { may } from "./rights.js";

const EVERY_MS = 1_500;
/** @type {Record<string, "" | "good" | "danger" | "accent">} */
const KINDS = { running: "accent", succeeded: "good", failed: "danger" };

/** The status of a job in a frame. @param {string} status */
export function statusChip(status) {
  return chip(t(`admin.job_${status}`), KINDS[status] ?? "");
}

class Job extends Element {
  /** @type {string} */
  job_id = "";
  /** @type {() => void} */
  changed = () => {};
  #shown = "";
  /** @type {any} */
  #job = null;
  /** Whether the server has removed it: it ended long ago. */
  #isGone = false;
  details = h("div", { class: "stack" });
  problem = h("p", { class: "form-error", role: "alert" });
  actions = h("div", { class: "actions" });

  start() {
    fill(this, h("div", { class: "stack" }, this.details, this.problem, this.actions));
    fill(this.details, h("p", { class: "soft" }, t("app.loading")));
    this.#look();
    const timer = setInterval(() => {
      if (!document.hidden && !this.#job?.finished_at && !this.#isGone) this.#look();
    }, EVERY_MS);
    this.signal.addEventListener("abort", () => clearInterval(timer));
  }

  async #look() {
    try {
      this.#draw(await client.rest.get(`/jobs/${this.job_id}`, {}, this.signal));
      this.problem.textContent = "";
    } catch (error) {
      this.#isGone = /** @type {any} */ (error).status === 404;
      if (this.isConnected) this.problem.textContent = told(error);
    }
  }

  /** @param {any} job */
  #draw(job) {
    const now = JSON.stringify(job);
    if (now === this.#shown) return;
    const isOther = this.#job?.status !== job.status;
    [this.#shown, this.#job] = [now, job];
    fill(this.details, facts([
      [t("admin.status"), statusChip(job.status)],
      [t("admin.attempts"), t("admin.attempts_of", { done: job.attempts, most: job.max_attempts })],
      [t("admin.priority"), number(job.priority)],
      [t("admin.queued_at"), when(job.created_at)],
      [t("admin.not_before"), when(job.run_at)],
      [t("admin.ended_at"), job.finished_at && when(job.finished_at)],
      [t("admin.unique_key"), job.unique_key && h("code", null, job.unique_key)],
      [t("admin.concurrency_key"), job.concurrency_key && h("code", null, job.concurrency_key)],
      [t("admin.id"), h("code", null, job.id)],
    ]),
    job.error ? block(t("admin.error"), job.error) : null,
    job.args === null ? h("p", { class: "soft" }, t("admin.args_hidden")) : block(t("admin.args"), writeJson(job.args)),
    job.result === null ? null : block(t("admin.result"), writeJson(job.result)));
    if (isOther) this.#drawActions(job.status);
  }

  /** @param {string} status */
  #drawActions(status) {
    const hadFocus = this.actions.contains(document.activeElement);
    const mayRetry = ["failed", "cancelled", "queued"].includes(status) && may("POST:/api/v1/jobs/{job_id}/retry");
    fill(this.actions,
      status === "queued" && may("DELETE:/api/v1/jobs/{job_id}") ? button(t("admin.job_cancel"), () => this.#cancel(), { class: "danger" }) : null,
      mayRetry ? button(t(status === "queued" ? "admin.job_now" : "app.retry"), () => this.#retry(), { class: "primary" }) : null);
    if (hadFocus) (this.actions.querySelector("button") ?? this.closest("dialog")?.querySelector("button"))?.focus();
  }

  #retry() {
    return this.#act(() => client.rest.post(`/jobs/${this.job_id}/retry`), "admin.job_waits");
  }

  async #cancel() {
    if (!await confirmed(t("admin.job_cancel_question"), t("admin.job_cancel"))) return;
    await this.#act(() => client.rest.delete(`/jobs/${this.job_id}`), "admin.job_is_cancelled");
  }

  /** Does something; somebody or the server itself may have been faster. @param {() => Promise<unknown>} work @param {string} words */
  async #act(work, words) {
    if (await attempt(work)) notice(t(words));
    await this.#look();
    this.changed();
  }
}

define("tl-admin-job", Job);

/** Opens a job. @param {{id: string, task: string}} job @param {() => void} changed */
export function openJob({ id, task }, changed) {
  return openDialog(t("admin.job_of", { task }), () => h("tl-admin-job", { job_id: id, changed }), "wide");
}
