// A schedule: made or changed.

import { h } from "../dom.js";
import { attempt, notice, openDialog } from "../dialogs.js";
import { field, form } from "../forms.js";
import { client } from "../session.js";
import { t, whole } from "../words.js";
import { explain } from "./cron.js";
import { argsField, taskField } from "./job-form.js";
import { readJson, writeJson } from "./json.js";
import { once, wrong } from "./parts.js";
import { loadTasks } from "./tasks.js";

/** Units of a pace: how many seconds each has. */
const UNITS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };
const EVENTS = ["sunrise", "noon", "sunset", "civil_dawn", "civil_dusk", "nautical_dawn", "nautical_dusk", "astronomical_dawn", "astronomical_dusk"];
const KINDS = ["cron", "every", "solar"];

/** Opens a schedule; null for a new one. @param {any} schedule @param {() => void} changed */
export async function openSchedule(schedule, changed) {
  /** @type {any[]} */
  let tasks = [];
  if (!await attempt(async () => (tasks = (await loadTasks()).filter(({ open }) => open)))) return;
  await openDialog(schedule ? t("admin.schedule_one", { name: schedule.name }) : t("admin.schedule_new"), (dialog) => {
    const post = once("/schedules");
    return form([
      h("div", { class: "pair" },
        field(t("admin.name"), { name: "name", value: schedule?.name, maxlength: 255, required: true }),
        taskField(tasks, schedule?.task)),
      timing(schedule),
      field(t("admin.overlap"), { name: "overlap", kind: "select", options: [["skip", t("admin.overlap_skip")], ["queue", t("admin.overlap_queue")]], value: schedule?.overlap ?? "skip" }),
      argsField(schedule ? writeJson(schedule.args) : "{}"),
      field(t("admin.enabled"), { name: "enabled", type: "checkbox", checked: schedule?.enabled ?? true }),
    ], t("app.save"), async (values) => {
      const body = { name: values.name, task: values.task, overlap: values.overlap, enabled: values.enabled, args: readJson(values.args, "args"), ...when(values) };
      const saved = schedule ? await client.rest.patch(`/schedules/${schedule.id}`, changesOf(schedule, body)).catch(tellGone) : await post(body);
      dialog.close("");
      changed();
      notice(saved.next_run_at ? t("admin.saved_next", { at: whole(saved.next_run_at) }) : t("admin.saved"));
    });
  }, "wide");
}

/** What is another than it was; the rest may have been changed by others. @param {any} before @param {Record<string, any>} now */
function changesOf(before, now) {
  return Object.fromEntries(Object.entries(now).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key])));
}

/** @param {any} error */
function tellGone(error) {
  throw error.status === 404 ? new Error(t("admin.schedule_gone")) : error;
}

/** When it runs: one of three ways to say so. @param {any} schedule */
function timing(schedule) {
  const kind = schedule?.every_seconds ? "every" : schedule?.solar ? "solar" : "cron";
  /** @type {Record<string, HTMLElement>} */
  const parts = { cron: cronPart(schedule), every: everyPart(schedule?.every_seconds), solar: solarPart(schedule?.solar) };
  const show = (/** @type {string} */ chosen) => KINDS.forEach((one) => (parts[one].hidden = one !== chosen));
  show(kind);
  return h("fieldset", { class: "stack card" }, h("legend", null, t("admin.when")),
    h("div", { class: "inline wide-gap" }, KINDS.map((one) => field(t(`admin.kind_${one}`), { name: "kind", type: "radio", value: one, checked: one === kind, onchange: () => show(one) }))),
    Object.values(parts));
}

/** @param {any} schedule */
function cronPart(schedule) {
  const said = h("p", { class: "soft", role: "status" });
  const zones = h("datalist", { id: "admin-zones" }, (Intl.supportedValuesOf?.("timeZone") ?? []).concat("UTC").map((zone) => h("option", { value: zone })));
  const input = field(t("admin.cron"), { name: "cron", value: schedule?.cron ?? "0 6 * * *", maxlength: 255, class: "code", spellcheck: "false", autocapitalize: "none", hint: t("admin.cron_hint") });
  const show = () => (said.textContent = explain(/** @type {HTMLInputElement} */ (input.querySelector("input")).value));
  input.addEventListener("input", show);
  show();
  const zone = field(t("admin.timezone"), { name: "timezone", value: schedule?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone, maxlength: 100, list: "admin-zones", autocomplete: "off", spellcheck: "false" });
  return h("div", { class: "stack" }, h("div", { class: "pair" }, input, zone), said, zones);
}

/** @param {number | null | undefined} seconds */
function everyPart(seconds) {
  const unit = Object.entries(UNITS).reverse().find(([, length]) => (seconds ?? 3_600) % length === 0) ?? ["seconds", 1];
  return h("div", { class: "pair" },
    field(t("admin.every_label"), { name: "every_seconds", type: "number", min: 1, value: (seconds ?? 3_600) / Number(unit[1]) }),
    field(t("admin.unit"), { name: "unit", kind: "select", options: Object.keys(UNITS).map((name) => /** @type {[string, string]} */ ([name, t(`admin.unit_${name}`)])), value: unit[0] }));
}

/** @param {any} solar */
function solarPart(solar) {
  return h("div", { class: "stack" },
    field(t("admin.sun"), { name: "solar.event", kind: "select", options: EVENTS.map((name) => /** @type {[string, string]} */ ([name, t(`admin.sun_${name}`)])), value: solar?.event ?? "sunset" }),
    h("div", { class: "pair" },
      field(t("admin.latitude"), { name: "solar.latitude", type: "number", step: "any", min: -90, max: 90, value: solar?.latitude, hint: t("admin.latitude_hint") }),
      field(t("admin.longitude"), { name: "solar.longitude", type: "number", step: "any", min: -180, max: 180, value: solar?.longitude, hint: t("admin.longitude_hint") })));
}

/** The one of the three that was chosen; the two others are said to be none. @param {Record<string, any>} values */
function when(values) {
  const none = { cron: null, every_seconds: null, solar: null };
  if (values.kind === "cron") return { ...none, cron: values.cron.trim(), timezone: values.timezone.trim() || "UTC" };
  if (values.kind === "every") {
    if (!values.every_seconds) throw wrong("every_seconds", t("admin.number_missing"));
    return { ...none, every_seconds: Math.round(values.every_seconds * UNITS[/** @type {keyof typeof UNITS} */ (values.unit)]) };
  }
  const [latitude, longitude] = [values["solar.latitude"], values["solar.longitude"]];
  if (latitude === null) throw wrong("solar.latitude", t("admin.number_missing"));
  if (longitude === null) throw wrong("solar.longitude", t("admin.number_missing"));
  return { ...none, solar: { event: values["solar.event"], latitude, longitude } };
}
