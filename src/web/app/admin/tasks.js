// The tasks that there are: paused and resumed.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { button } from "../buttons.js";
import { attempt, notice } from "../dialogs.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { duration } from "./duration.js";
import { listOf } from "./list.js";
import { chip, lead } from "./parts.js";
import { may } from "./rights.js";

/** Every task. @param {AbortSignal} [signal] @returns {Promise<any[]>} */
export function loadTasks(signal) {
  return client.rest.all("/jobs/tasks", {}, signal);
}

class Tasks extends Element {
  /** @type {(task: string) => void} */
  enqueue = () => {};
  list = listOf({
    label: t("admin.tasks"), empty: t("app.nothing"), key: ({ task }) => task, size: 50,
    load: (page, signal) => client.rest.get("/jobs/tasks", page, signal),
    columns: [
      { label: t("admin.task"), cell: (task) => h("div", null, h("a", { href: address("/admin/jobs", { task: task.task }) }, task.task), h("small", { class: "block-line" }, described(task.description))) },
      { label: t("admin.turns"), cell: (task) => (task.every_seconds === null ? t("admin.on_demand") : t("admin.every", { time: duration(task.every_seconds) })), class: "narrow" },
      { label: t("admin.time_limit"), cell: (task) => duration(task.time_limit_seconds), class: "narrow" },
      { label: t("admin.status"), cell: (task) => (task.paused ? chip(t("admin.paused"), "danger") : chip(t("admin.runs"), "good")) },
      { label: t("admin.actions"), class: "buttons", cell: (task) => h("div", { class: "inline" }, this.#pauseButton(task), task.open && may("POST:/api/v1/jobs") ? button(t("admin.enqueue"), () => this.enqueue(task.task), { class: "quiet", "aria-label": t("admin.enqueue_one", { task: task.task }) }) : null) },
    ],
  });

  start() {
    fill(this, lead("admin.tasks_lead"), this.list);
  }

  /** @param {any} task */
  #pauseButton({ task, paused }) {
    if (!may(`${paused ? "DELETE" : "PUT"}:/api/v1/jobs/tasks/{task}/pause`)) return null;
    return button(t(paused ? "admin.resume" : "admin.pause"), async () => {
      const path = `/jobs/tasks/${encodeURIComponent(task)}/pause`;
      if (await attempt(() => (paused ? client.rest.delete(path) : client.rest.put(path)))) notice(t(paused ? "admin.is_resumed" : "admin.is_paused", { task }));
      await this.list.reload();
    }, { "aria-label": t(paused ? "admin.resume_one" : "admin.pause_one", { task }) });
  }
}

/** What the server says of a task: words of a program stand between backticks. @param {string} text */
function described(text) {
  return text.split("`").map((part, at) => (at % 2 ? h("code", null, part) : part));
}

define("tl-admin-tasks", Tasks);

/** The tasks. @param {(task: string) => void} enqueue */
export function tasksElement(enqueue) {
  return h("tl-admin-tasks", { enqueue });
}
