// Forms: labelled fields, and what the server says of each of them beside it.

import { h } from "./dom.js";
import { sentence } from "./dialogs.js";
import { t } from "./words.js";

let fields = 0;

/**
 * A field with its label, and a place for what is wrong with it.
 * @param {string} label
 * @param {import("./dom.js").Props & {name: string, hint?: string, kind?: "input" | "textarea" | "select", options?: [string, string][]}} props
 * what the input is given; `options` are value and label of a `select`
 */
export function field(label, { kind = "input", hint, options = [], ...props }) {
  const id = `field-${++fields}`;
  const described = hint ? `${id}-hint ${id}-error` : `${id}-error`;
  const input = h(kind, { id, "aria-describedby": described }, options.map(([value, text]) => h("option", { value }, text)));
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) input.addEventListener(name.slice(2), value);
    else if (name === "value") /** @type {any} */ (input).value = value ?? "";
    else if (name === "checked") /** @type {any} */ (input).checked = !!value;
    else if (value !== undefined && value !== null && value !== false) input.setAttribute(name, value === true ? "" : String(value));
  }
  const isCheck = props.type === "checkbox" || props.type === "radio";
  const text = h("label", { for: id }, label);
  const notes = [hint ? h("small", { id: `${id}-hint` }, hint) : null, h("small", { class: "field-error", id: `${id}-error` })];
  return h("div", { class: isCheck ? "field check" : "field", dataset: { field: props.name } }, isCheck ? [input, text] : [text, input], notes);
}

/**
 * A form. While it is being sent it cannot be sent again; what is wrong with a field is shown beside it, the rest below.
 * @param {import("./dom.js").Child[]} content
 * @param {string} action what its button says
 * @param {(values: Record<string, any>, form: HTMLFormElement) => Promise<unknown>} send
 * @param {import("./dom.js").Child} [beside] what stands beside the button
 */
export function form(content, action, send, beside) {
  const submit = h("button", { type: "submit", class: "button primary" }, action);
  const problem = h("p", { class: "form-error", role: "alert" });
  const element = h("form", { noValidate: true }, content, problem, h("div", { class: "actions" }, beside, submit));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    clear(element);
    submit.disabled = true;
    try {
      await send(values(element), element);
    } catch (error) {
      show(element, problem, error);
    } finally {
      submit.disabled = false;
    }
  });
  return element;
}

/** What a form holds: texts, numbers of `type=number`, and whether boxes are checked. @param {HTMLFormElement} element */
export function values(element) {
  /** @type {Record<string, any>} */
  const all = {};
  for (const input of /** @type {Iterable<HTMLInputElement>} */ (element.elements)) {
    if (!input.name || input.disabled) continue;
    if (input.type === "checkbox") all[input.name] = input.checked;
    else if (input.type === "radio") all[input.name] = input.checked ? input.value : all[input.name];
    else if (input.type === "number") all[input.name] = input.value === "" ? null : Number(input.value);
    else all[input.name] = input.value;
  }
  return all;
}

/** @param {HTMLFormElement} element */
function clear(element) {
  for (const place of element.querySelectorAll(".field-error, .form-error")) place.textContent = "";
  for (const input of element.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}

/** @param {HTMLFormElement} element @param {HTMLElement} problem @param {any} error */
function show(element, problem, error) {
  // Somebody has thought better of it.
  if (error.name === "AbortError") return;
  const others = [];
  for (const { field: name, message } of error.errors ?? []) {
    const place = element.querySelector(`[data-field="${CSS.escape(name)}"] .field-error`);
    if (!place) others.push({ field: name, message });
    else {
      place.textContent = message;
      place.parentElement?.querySelector("input, textarea, select")?.setAttribute("aria-invalid", "true");
    }
  }
  if (!error.errors?.length || others.length) problem.textContent = sentence({ ...error, message: error.message, errors: others.length ? others : undefined });
  /** @type {HTMLElement | null} */ (element.querySelector("[aria-invalid]"))?.focus();
  if (!problem.textContent && !element.querySelector("[aria-invalid]")) problem.textContent = t("app.error", { message: error.message });
}
