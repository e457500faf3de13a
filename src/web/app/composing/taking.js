// How files come into a message: chosen, photographed, dropped.

import { openMenu } from "../buttons.js";
import { notice } from "../dialogs.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../words.js";
import { isTouched } from "../composer/field.js";

/** Lets somebody choose; on a phone the camera is offered, too. @param {HTMLElement} anchor @param {(files: File[]) => void} take */
export function chooseFiles(anchor, take) {
  if (!isTouched()) return ask({ multiple: true }, take);
  openMenu(anchor, [
    { label: t("composing.files"), icon: "file", run: () => ask({ multiple: true }, take) },
    { label: t("composing.camera"), icon: "camera", run: () => ask({ accept: "image/*", capture: "environment" }, take) },
  ]);
}

/** @param {import("../dom.js").Props} props @param {(files: File[]) => void} take */
function ask(props, take) {
  const input = h("input", { type: "file", hidden: true, ...props });
  input.addEventListener("change", () => {
    take([...(input.files ?? [])]);
    input.remove();
  });
  input.addEventListener("cancel", () => input.remove());
  // Some browsers forget an input that stands nowhere.
  document.body.append(input);
  input.click();
}

/**
 * Takes what is dropped on a place. While something is dragged over it, it says so.
 * @param {import("../element.js").Element} composer @param {HTMLElement} host @param {(files: File[]) => void} take
 */
export function takeDropped(composer, host, take) {
  const overlay = h("div", { class: "composer-drop", hidden: true, "aria-hidden": "true" }, icon("attach", 32), h("p", null, t("composing.drop")));
  composer.append(overlay);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let leaving;
  const hide = () => (overlay.hidden = true);
  composer.listen(host, "dragover", (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    clearTimeout(leaving);
    // Where a drag ends outside of the window nobody is told.
    leaving = setTimeout(hide, 1_000);
    if (!overlay.hidden) return;
    const { left, top, width, height } = host.getBoundingClientRect();
    const edge = 8;
    const place = { left: left + edge, top: top + edge, width: width - 2 * edge, height: height - 2 * edge };
    for (const [name, value] of Object.entries(place)) overlay.style.setProperty(name, `${value}px`);
    overlay.hidden = false;
  });
  composer.listen(host, "dragleave", (/** @type {DragEvent} */ event) => {
    if (!host.contains(/** @type {Node | null} */ (event.relatedTarget))) hide();
  });
  composer.listen(host, "drop", (/** @type {DragEvent} */ event) => {
    hide();
    const { dataTransfer } = event;
    if (!dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const items = [...dataTransfer.items].filter(({ kind }) => kind === "file");
    const folders = items.filter((item) => item.webkitGetAsEntry?.()?.isDirectory).length;
    const files = items.filter((item) => !item.webkitGetAsEntry?.()?.isDirectory).flatMap((item) => item.getAsFile() ?? []);
    if (folders) notice(t("composing.no_folders"), "error");
    if (files.length) take(files);
  });
}
