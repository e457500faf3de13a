// The section `schedules`: what is queued again and again, and when next.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { button } from "../buttons.js";
import { attempt, confirmed, notice } from "../dialogs.js";
import { field } from "../forms.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { number, t } from "../words.js";
import { explain } from "./cron.js";
import { duration } from "./duration.js";
import { listOf } from "./list.js";
import { chip, filters, heading, lead, opener, when } from "./parts.js";
import { may } from "./rights.js";
import { openSchedule } from "./schedule-form.js";

const EVERY_MS = 10_000;

class Schedules extends Element {
  /** @type {Record<string, any>} */
  #wanted = {};
  list = listOf({
    label: t("admin.schedules"), empty: t("admin.schedules_none"), key: ({ id }) => id, size: 50, every: EVERY_MS,
    load: (page, signal) => client.rest.get("/schedules", { ...this.#wanted, ...page }, signal),
    columns: [
      { label: t("admin.name"), cell: (schedule) => this.#name(schedule) },
      { label: t("admin.when"), cell: times },
      { label: t("admin.last_run"), cell: ({ last_run_at: at }) => when(at) },
      { label: t("admin.next_run"), cell: ({ next_run_at: at, error }) => (error ? h("small", { class: "error-line" }, error) : when(at)) },
      { label: t("admin.actions"), class: "buttons", cell: (schedule) => this.#actions(schedule) },
    ],
  });

  start() {
    fill(this, heading("schedules", may("POST:/api/v1/schedules") ? button(t("admin.schedule_new"), () => openSchedule(null, () => this.list.reload()), { class: "primary" }) : null),
      lead("admin.schedules_lead"), filters([
        field(t("admin.made_by"), { name: "built_in", kind: "select", options: [["", t("admin.all")], ["false", t("admin.people")], ["true", t("admin.the_server")]] }),
        field(t("admin.status"), { name: "enabled", kind: "select", options: [["", t("admin.all")], ["true", t("admin.on")], ["false", t("admin.off")]] }),
      ], ({ built_in, enabled }) => {
        this.#wanted = { built_in: built_in || undefined, enabled: enabled || undefined };
        this.list.first();
      }), this.list);
  }

  /** @param {any} schedule */
  #name(schedule) {
    const isOpen = !schedule.built_in && may("PATCH:/api/v1/schedules/{schedule_id}");
    return h("div", null,
      h("div", { class: "inline" }, isOpen ? opener(schedule.name, () => openSchedule(schedule, () => this.list.reload())) : h("span", null, schedule.name),
        schedule.built_in ? chip(t("admin.built_in")) : null, schedule.enabled ? null : chip(t("admin.off"), "danger"), schedule.error ? chip(t("admin.error"), "danger") : null),
      schedule.name === schedule.task ? null : h("a", { class: "small", href: address("/admin/jobs", { task: schedule.task }) }, schedule.task));
  }

  /** @param {any} schedule */
  #actions(schedule) {
    const { name, enabled } = schedule;
    return h("div", { class: "inline" },
      may("PATCH:/api/v1/schedules/{schedule_id}") ? button(t(enabled ? "admin.switch_off" : "admin.switch_on"), () => this.#switch(schedule), { "aria-label": t(enabled ? "admin.switch_off_one" : "admin.switch_on_one", { name }) }) : null,
      !schedule.built_in && may("DELETE:/api/v1/schedules/{schedule_id}") ? button(t("app.delete"), () => this.#remove(schedule), { class: "danger", "aria-label": t("admin.delete_one", { name }) }) : null);
  }

  /** @param {any} schedule */
  async #switch({ id, name, enabled, built_in }) {
    if (enabled && built_in && !await confirmed(t("admin.switch_off_question", { name }), t("admin.switch_off"))) return;
    await attempt(() => client.rest.patch(`/schedules/${id}`, { enabled: !enabled }));
    await this.list.reload();
  }

  /** @param {any} schedule */
  async #remove({ id, name }) {
    if (!await confirmed(t("admin.schedule_delete", { name }), t("app.delete"))) return;
    // Who finds it gone wanted just that.
    const isDone = await attempt(() => client.rest.delete(`/schedules/${id}`).catch((error) => (error.status === 404 ? null : Promise.reject(error))));
    if (isDone) notice(t("admin.schedule_deleted", { name }));
    await this.list.reload();
    /** @type {HTMLElement | null} */ (this.querySelector("h1 + .button"))?.focus();
  }
}

/** When a schedule runs. @param {any} schedule */
function times({ cron, every_seconds: seconds, solar, timezone }) {
  if (cron) return h("div", null, h("code", null, cron), h("small", { class: "block-line" }, explain(cron), explain(cron) ? " · " : "", timezone));
  if (seconds) return t("admin.every", { time: duration(seconds) });
  return h("div", null, t(`admin.sun_${solar.event}`), h("small", { class: "block-line" }, `${number(solar.latitude)}°, ${number(solar.longitude)}°`));
}

define("tl-admin-schedules", Schedules);
