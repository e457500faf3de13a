// Queues a job.

import { h } from "../dom.js";
import { attempt, openDialog } from "../dialogs.js";
import { field, form } from "../forms.js";
import { t } from "../words.js";
import { readJson } from "./json.js";
import { moment, once } from "./parts.js";
import { loadTasks } from "./tasks.js";

/**
 * Opens the form. Tasks that are not open are queued by the server alone.
 * @param {string} task which one, where that is known @param {(job: any) => void} queued
 */
export async function openEnqueue(task, queued) {
  /** @type {any[]} */
  let tasks = [];
  if (!await attempt(async () => (tasks = (await loadTasks()).filter(({ open }) => open)))) return;
  await openDialog(t("admin.enqueue"), (dialog) => {
    const post = once("/jobs");
    return form([
      taskField(tasks, task),
      argsField("{}"),
      h("details", { class: "more" }, h("summary", null, t("admin.more_settings")), h("div", { class: "stack" },
        h("div", { class: "pair" },
          field(t("admin.not_before"), { name: "run_at", type: "datetime-local", hint: t("admin.run_at_hint") }),
          field(t("admin.priority"), { name: "priority", type: "number", min: -10, max: 10, hint: t("admin.priority_hint") })),
        field(t("admin.max_attempts"), { name: "max_attempts", type: "number", min: 1, max: 100, hint: t("admin.max_attempts_hint") }),
        field(t("admin.unique_key"), { name: "unique_key", maxlength: 255, hint: t("admin.unique_key_hint") }),
        field(t("admin.concurrency_key"), { name: "concurrency_key", maxlength: 255, hint: t("admin.concurrency_key_hint") }))),
    ], t("admin.enqueue"), async (values, element) => {
      try {
        const job = await post({
          task: values.task, args: readJson(values.args, "args"), run_at: moment(values.run_at), priority: values.priority, max_attempts: values.max_attempts,
          unique_key: values.unique_key || undefined, concurrency_key: values.concurrency_key || undefined,
        });
        dialog.close("");
        queued(job);
      } catch (error) {
        // What is wrong may stand there.
        const more = /** @type {HTMLDetailsElement} */ (element.querySelector("details"));
        if (/** @type {any} */ (error).errors?.some((/** @type {any} */ one) => more.querySelector(`[data-field="${CSS.escape(one.field)}"]`))) more.open = true;
        throw error;
      }
    });
  }, "wide");
}

/** A field for a task, that says what it does. @param {any[]} tasks @param {string} [chosen] */
export function taskField(tasks, chosen) {
  const names = tasks.map(({ task }) => /** @type {[string, string]} */ ([task, task]));
  if (chosen && !names.some(([name]) => name === chosen)) names.unshift([chosen, chosen]);
  const element = field(t("admin.task"), { name: "task", kind: "select", options: names, value: chosen || names[0]?.[0], hint: "–" });
  const [select, hint] = [/** @type {HTMLSelectElement} */ (element.querySelector("select")), /** @type {HTMLElement} */ (element.querySelector("small"))];
  const show = () => (hint.textContent = tasks.find(({ task }) => task === select.value)?.description ?? "");
  select.addEventListener("change", show);
  show();
  return element;
}

/** A field for JSON. @param {string} value */
export function argsField(value) {
  return field(t("admin.args"), { name: "args", kind: "textarea", value, rows: 5, class: "code", spellcheck: "false", autocapitalize: "none", hint: t("admin.args_hint") });
}
