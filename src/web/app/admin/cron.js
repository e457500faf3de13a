// What a cron expression says, in words; as far as that is short. The server alone decides when it is due.

import { language, t } from "../words.js";

const NICKS = ["hourly", "daily", "weekly", "monthly", "yearly"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/** A Sunday. */
const SUNDAY = Date.UTC(2023, 0, 1);
const DAY_MS = 86_400_000;

/** In words; "" where it is more than can be said in a line. @param {string} cron */
export function explain(cron) {
  const text = cron.trim().toLowerCase();
  if (text.startsWith("@")) return NICKS.includes(text.slice(1)) ? t(`admin.cron_${text.slice(1)}`) : "";
  const parts = text.split(/\s+/);
  if (parts.length !== 5) return "";
  const [minute, hour, dayOfMonth, month, dayOfWeek] = parts;
  const time = timeOf(minute, hour);
  const day = dayOf(dayOfMonth, month, dayOfWeek);
  return time && day ? t("admin.cron_both", { day, time }) : "";
}

/** @param {string} minute @param {string} hour */
function timeOf(minute, hour) {
  const step = /^\*\/(\d+)$/.exec(minute);
  if (hour === "*" && minute === "*") return t("admin.cron_every_minute");
  if (hour === "*" && step) return t("admin.cron_every_minutes", { count: Number(step[1]) });
  if (hour === "*" && /^\d+$/.test(minute)) return t("admin.cron_at_minute", { minute });
  if (!/^\d+$/.test(minute) || !/^\d+(,\d+)*$/.test(hour)) return "";
  const times = hour.split(",").map((one) => new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit", timeZone: "UTC" }).format(Date.UTC(2023, 0, 1, Number(one), Number(minute))));
  return t("admin.cron_at", { time: new Intl.ListFormat(language).format(times) });
}

/** @param {string} dayOfMonth @param {string} month @param {string} dayOfWeek */
function dayOf(dayOfMonth, month, dayOfWeek) {
  if (month !== "*") return "";
  if (dayOfMonth === "*" && dayOfWeek === "*") return t("admin.cron_each_day");
  if (/^\d+$/.test(dayOfMonth) && dayOfWeek === "*") return t("admin.cron_day_of_month", { day: dayOfMonth });
  if (dayOfMonth !== "*") return "";
  const names = dayOfWeek.split(",").map(namesOf);
  return names.includes("") ? "" : new Intl.ListFormat(language).format(names);
}

/** A day of the week, or the first to the last of some. @param {string} part */
function namesOf(part) {
  const days = part.split("-").map((one) => (DAYS.includes(one) ? DAYS.indexOf(one) : /^[0-7]$/.test(one) ? Number(one) % 7 : NaN));
  if (days.length > 2 || days.some(Number.isNaN)) return "";
  const names = days.map((day) => new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format(SUNDAY + day * DAY_MS));
  return names.length === 2 ? t("admin.cron_from_to", { from: names[0], to: names[1] }) : names[0];
}
