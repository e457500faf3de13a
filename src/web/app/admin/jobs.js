// The section `jobs`: what waits, runs and has ended, and the tasks that there are.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { button } from "../buttons.js";
import { field } from "../forms.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { openJob, statusChip } from "./job.js";
import { openEnqueue } from "./job-form.js";
import { openRetry } from "./job-retry.js";
import { listOf } from "./list.js";
import { filters, heading, lead, moment, opener, when } from "./parts.js";
import { may } from "./rights.js";
import { loadTasks, tasksElement } from "./tasks.js";

const EVERY_MS = 3_000;
export const STATUSES = ["queued", "running", "succeeded", "failed", "cancelled"];

class Jobs extends Element {
  /** @type {Record<string, any>} */
  #wanted = {};
  list = listOf({
    label: t("admin.jobs"), empty: t("admin.jobs_none"), key: ({ id }) => id, every: EVERY_MS,
    load: (page, signal) => client.rest.get("/jobs", { ...this.#wanted, ...page }, signal),
    columns: [
      { label: t("admin.task"), cell: (job) => opener(job.task, () => openJob(job, () => this.list.reload())) },
      { label: t("admin.status"), cell: (job) => h("div", null, statusChip(job.status), job.error ? h("small", { class: "error-line" }, job.error) : null) },
      { label: t("admin.attempts"), cell: (job) => t("admin.attempts_of", { done: job.attempts, most: job.max_attempts }), class: "narrow" },
      { label: t("admin.queued_at"), cell: (job) => when(job.created_at) },
      { label: t("admin.ended_or_due"), cell: (job) => (job.finished_at ? when(job.finished_at) : h("span", { class: "soft" }, t("admin.due"), " ", when(job.run_at))) },
    ],
  });

  start() {
    const isTasks = this.query.get("view") === "tasks";
    const [status, task] = [this.query.get("status") ?? "", this.query.get("task") ?? ""];
    fill(this, heading("jobs",
      may("POST:/api/v1/jobs/retry") ? button(t("admin.retry_several"), () => openRetry(this.#wanted.task ?? "", () => this.list.reload())) : null,
      may("POST:/api/v1/jobs") ? button(t("admin.enqueue"), () => openEnqueue("", (job) => this.#queued(job)), { class: "primary" }) : null),
    h("nav", { class: "tabs", "aria-label": t("admin.jobs_views") },
      h("a", { href: address("/admin/jobs"), "aria-current": isTasks ? null : "page" }, t("admin.jobs")),
      h("a", { href: address("/admin/jobs", { view: "tasks" }), "aria-current": isTasks ? "page" : null }, t("admin.tasks"))));
    if (isTasks) return void this.append(tasksElement((name) => openEnqueue(name, (job) => this.#queued(job))));
    this.#wanted = { status: status || undefined, task: task || undefined };
    const tasks = field(t("admin.task"), { name: "task", kind: "select", options: [["", t("admin.all")], ...(task ? [/** @type {[string, string]} */ ([task, task])] : [])], value: task });
    this.append(lead("admin.jobs_lead"), filters([
      field(t("admin.status"), { name: "status", kind: "select", options: [["", t("admin.all")], ...STATUSES.map((one) => /** @type {[string, string]} */ ([one, t(`admin.job_${one}`)]))], value: status }),
      tasks,
      field(t("admin.queued_from"), { name: "from", type: "datetime-local" }),
      field(t("admin.queued_to"), { name: "to", type: "datetime-local" }),
    ], (values) => {
      this.#wanted = { status: values.status || undefined, task: values.task || undefined, created_at_from: moment(values.from), created_at_to: moment(values.to) };
      this.list.first();
    }), this.list);
    this.#offerTasks(tasks, task);
  }

  /** @param {HTMLElement} place @param {string} chosen */
  async #offerTasks(place, chosen) {
    const tasks = await loadTasks(this.signal).catch(() => []);
    const select = place.querySelector("select");
    for (const { task } of tasks) if (task !== chosen) select?.append(h("option", { value: task }, task));
  }

  /** @param {any} job */
  #queued(job) {
    if (this.list.isConnected) this.list.first();
    openJob(job, () => this.list.isConnected && this.list.reload());
  }
}

define("tl-admin-jobs", Jobs);
