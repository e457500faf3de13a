// Tries failed jobs again: all of them, or those of a task or a time.

import { h } from "../dom.js";
import { attempt, confirmed, notice, openDialog } from "../dialogs.js";
import { field, form } from "../forms.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { moment } from "./parts.js";
import { loadTasks } from "./tasks.js";

/** Opens the form. @param {string} task which one is chosen @param {() => void} changed */
export async function openRetry(task, changed) {
  /** @type {any[]} */
  let tasks = [];
  if (!await attempt(async () => (tasks = await loadTasks()))) return;
  await openDialog(t("admin.retry_several"), (dialog) => form([
    h("p", { class: "soft" }, t("admin.retry_several_why")),
    field(t("admin.task"), { name: "task", kind: "select", options: [["", t("admin.all")], ...tasks.map(({ task: name }) => /** @type {[string, string]} */ ([name, name]))], value: task }),
    h("div", { class: "pair" },
      field(t("admin.failed_from"), { name: "failed_from", type: "datetime-local" }),
      field(t("admin.failed_to"), { name: "failed_to", type: "datetime-local" })),
  ], t("app.retry"), async (values) => {
    const wanted = { task: values.task || undefined, failed_from: moment(values.failed_from), failed_to: moment(values.failed_to) };
    const { total } = await client.rest.get("/jobs", { status: "failed", task: wanted.task, finished_at_from: wanted.failed_from, finished_at_to: wanted.failed_to, limit: 1 });
    if (total === 0) return notice(t("admin.retry_none"));
    if (!await confirmed(t("admin.retry_question", { count: total }), t("app.retry"), false)) return;
    const { retried } = await client.rest.post("/jobs/retry", wanted);
    dialog.close("");
    notice(t("admin.retried", { count: retried }));
    changed();
  }));
}
