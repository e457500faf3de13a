// The files of a message: pictures, which have their place before they come, films and sounds to be played, and others.

import { h } from "../dom.js";
import { attempt } from "../dialogs.js";
import { icon } from "../icons.js";
import { lazy } from "../pages.js";
import { size, t } from "../words.js";

/** The most pixels of a picture each way. */
const MOST = 320;
/** The least, so that it can be hit. */
const LEAST = 48;

/**
 * @typedef {{id: string, url: string, name: string, content_type: string, size: number,
 *   width: number | null, height: number | null, thumbnail_url: string | null}} File
 */

/** An address of this server, whatever it calls itself: pages load nothing from elsewhere. @param {string} url */
export function localUrl(url) {
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
}

/** @param {File} file */
export function isPicture(file) {
  return !!file.thumbnail_url && !!file.width && !!file.height;
}

/** The files of a message. @param {any} message @param {() => any[]} all the messages whose pictures are shown one after the other */
export function filesOf(message, all) {
  // Of what is not sent yet only the ids are known.
  const files = message.attachments.map((/** @type {any} */ file) => (typeof file === "string" ? null : file));
  const chip = () => h("span", { class: "chip" }, icon("attach", 14), t("messages.files", { count: files.length }));
  if (files.includes(null)) return h("div", { class: "message-files" }, chip());
  const pictures = files.filter(isPicture).map((/** @type {File} */ file) => picture(file, all));
  const others = files.filter((/** @type {File} */ file) => !isPicture(file)).map(other);
  return h("div", { class: "message-files" }, pictures.length ? h("div", { class: "message-pictures" }, pictures) : null, others);
}

/** @param {File} file @param {() => any[]} all */
function picture(file, all) {
  const [width, height] = /** @type {[number, number]} */ ([file.width, file.height]);
  const scale = Math.min(1, MOST / width, MOST / height);
  const shown = [Math.max(LEAST, Math.round(width * scale)), Math.max(LEAST, Math.round(height * scale))];
  const src = localUrl(file.thumbnail_url ?? file.url);
  const image = h("img", { src, alt: file.name, width: shown[0], height: shown[1], decoding: "async", draggable: false });
  const style = { width: `${shown[0]}px`, "aspect-ratio": `${shown[0]} / ${shown[1]}` };
  const label = t("messages.show_picture", { name: file.name });
  return h("button", { type: "button", class: "message-picture", "aria-label": label, style, onclick: () => view(file.id, all()) }, image);
}

/** Shows a picture in full size. @param {string} id @param {any[]} messages */
function view(id, messages) {
  const pictures = messages.flatMap(({ attachments, sender_id, created_at, state, recalled_at }) =>
    state || recalled_at ? [] : attachments.filter(isPicture).map((/** @type {File} */ file) => ({ ...file, sender_id, created_at })));
  attempt(async () => {
    await lazy.viewer();
    document.body.append(h("tl-viewer", { pictures, at: id }));
  });
}

/** @param {File} file */
function other(file) {
  const url = localUrl(file.url);
  const player = { controls: true, src: url, title: file.name, "aria-label": file.name };
  if (file.content_type.startsWith("video/")) return h("video", { ...player, class: "message-video", preload: "metadata" });
  if (file.content_type.startsWith("audio/")) {
    return h("div", { class: "message-audio" }, h("span", { class: "soft" }, file.name), h("audio", { ...player, preload: "none" }));
  }
  return h("a", { class: "message-file", href: url, download: file.name }, icon("file"),
    h("span", { class: "message-file-name", dir: "auto" }, file.name), h("span", { class: "soft" }, size(file.size)), icon("download", 18));
}
