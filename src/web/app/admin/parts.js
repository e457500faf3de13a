// Small parts that the sections share.

import { h } from "../dom.js";
import { sentence } from "../dialogs.js";
import { values } from "../forms.js";
import { randomName } from "../../client/platform.js";
import { client } from "../session.js";
import { dateTime, t } from "../words.js";

/** How long is waited for the next letter. */
const PAUSE_MS = 250;

/** The head of a section. @param {string} name @param {...import("../dom.js").Child} beside */
export function heading(name, ...beside) {
  return h("header", { class: "page-header" }, h("h1", null, t(`admin.${name}`)), beside);
}

/** What a section is for. @param {string} key */
export function lead(key) {
  return h("p", { class: "soft lead" }, t(key));
}

/** A word in a frame. @param {string} text @param {"" | "good" | "danger" | "accent"} [kind] */
export function chip(text, kind = "") {
  return h("span", { class: `chip ${kind}` }, text);
}

/** A moment: to the second today, to the minute otherwise; all of it as a hint. @param {string | null | undefined} at */
export function when(at) {
  if (!at) return h("span", { class: "soft" }, "–");
  const [then, now] = [new Date(at), new Date()];
  /** @type {Intl.DateTimeFormatOptions} */
  let options = { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
  if (then.toDateString() === now.toDateString()) options = { timeStyle: "medium" };
  else if (then.getFullYear() !== now.getFullYear()) options = { dateStyle: "medium", timeStyle: "short" };
  return h("time", { dateTime: at, title: dateTime(at, { dateStyle: "full", timeStyle: "long" }) }, dateTime(at, options));
}

/** Names and what belongs to them; those without are left out. @param {[string, import("../dom.js").Child][]} pairs */
export function facts(pairs) {
  const shown = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl", { class: "facts" }, shown.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))));
}

/** Words of a machine, as they are. @param {string} label @param {string} text */
export function block(label, text) {
  return h("section", { class: "block" }, h("h3", null, label), h("pre", { tabindex: 0, role: "region", "aria-label": label }, text));
}

/**
 * A button that looks like a link: the name of what it opens. When that is closed it has the focus again, though its row was drawn
 * anew meanwhile.
 * @param {string} label @param {() => unknown} open
 */
export function opener(label, open) {
  const element = h("button", { type: "button", class: "opener", onclick: async () => {
    const [key, list] = [element.closest("tr")?.dataset.key, element.closest("tbody")];
    await open();
    if (document.activeElement !== document.body || !list?.isConnected) return;
    const row = [...list.children].find((one) => /** @type {HTMLElement} */ (one).dataset.key === key);
    /** @type {HTMLElement | null} */ ((row ?? list.closest(".admin-content"))?.querySelector(".opener, .button"))?.focus();
  } }, label);
  return element;
}

/**
 * Fields that say what is listed. `changed` is told a moment after the last letter.
 * @param {import("../dom.js").Child[]} content @param {(values: Record<string, any>) => void} changed
 */
export function filters(content, changed) {
  const bar = h("form", { class: "filters", role: "search", noValidate: true }, content);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  bar.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(() => changed(values(bar)), PAUSE_MS);
  });
  bar.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(later);
    changed(values(bar));
  });
  return bar;
}

/** What a field of date and time holds, for the API. @param {string} value */
export function moment(value) {
  return value ? new Date(value).toISOString() : undefined;
}

/** What went wrong; that something is not permitted is said calmly. @param {any} error */
export function told(error) {
  return error?.status === 403 && error.code === "forbidden" ? t("admin.forbidden", { detail: error.message }) : sentence(error);
}

/** Something wrong with a field, as the server would say it. @param {string} field @param {string} message */
export function wrong(field, message) {
  return Object.assign(new Error(message), { errors: [{ field, message }] });
}

/**
 * Posts something at most once, however often it is asked: what was sent already and got lost on its way back is not done again.
 * @param {string} path
 */
export function once(path) {
  let [before, key] = ["", ""];
  return async (/** @type {unknown} */ body) => {
    const now = JSON.stringify(body);
    if (now !== before) [before, key] = [now, randomName()];
    const answer = await client.rest.call("POST", path, { body, headers: { "idempotency-key": key } });
    // Who asks for the same again now means it.
    before = "";
    return answer;
  };
}
