// The files of a message that is being written: what each is, how far it is, and what can be done with it.

import { iconButton } from "../buttons.js";
import { fill, fillKeyed, h } from "../dom.js";
import { icon } from "../icons.js";
import { size, t } from "../words.js";

/** @typedef {import("../composer/uploaded.js").Upload} Upload */

/** Draws them. @param {HTMLElement} list @param {import("../composer/draft.js").Draft} draft @param {() => void} onremoved where the focus goes then */
export function drawFiles(list, draft, onremoved) {
  list.hidden = draft.uploads.length === 0 || !!draft.edit;
  fillKeyed(list, draft.uploads, ({ key }) => key, (upload) => {
    const item = h("li", null, picture(upload), h("div", { class: "composer-file-text" },
      h("span", { class: "composer-file-name", dir: "auto", title: upload.name }, upload.name), h("span", { class: "composer-file-state" })),
    h("span", { class: "composer-file-actions" }));
    show(item, upload, draft, onremoved);
    return item;
  }, (item, upload) => show(item, upload, draft, onremoved));
}

/** @param {Upload} upload */
function picture(upload) {
  const place = h("span", { class: "composer-file-picture" });
  const other = icon("file", 24);
  if (!upload.preview) fill(place, other);
  else fill(place, h("img", { src: upload.preview, alt: "", decoding: "async", onerror: () => fill(place, other) }));
  return place;
}

/** @param {HTMLElement} item @param {Upload} upload @param {import("../composer/draft.js").Draft} draft @param {() => void} onremoved */
function show(item, upload, draft, onremoved) {
  const state = /** @type {HTMLElement} */ (item.querySelector(".composer-file-state"));
  const { name, progress } = upload;
  if (upload.state === "running" && item.dataset.state === "running") {
    const bar = /** @type {HTMLProgressElement | null} */ (state.querySelector("progress"));
    if (bar) bar.value = progress;
    return;
  }
  if (item.dataset.state === upload.state) return;
  item.dataset.state = upload.state;
  if (upload.state === "running") fill(state, h("progress", { max: 1, value: progress, "aria-label": t("composing.uploading", { name }) }));
  else if (upload.state === "waiting") fill(state, t("composing.waiting_file"));
  else if (upload.state === "failed") fill(state, upload.why);
  else fill(state, size(upload.size));
  const isDone = upload.state === "done" || upload.state === "failed";
  const remove = iconButton("close", t(isDone ? "composing.remove_file" : "composing.cancel_file", { name }), () => {
    draft.files.remove(upload);
    onremoved();
  });
  const again = upload.state === "failed" && upload.canRetry ? iconButton("refresh", t("composing.retry_file", { name }), () => upload.start()) : null;
  const actions = /** @type {HTMLElement} */ (item.querySelector(".composer-file-actions"));
  const hadFocus = actions.contains(document.activeElement);
  fill(actions, again, remove);
  if (hadFocus) (again ?? remove).focus();
}
