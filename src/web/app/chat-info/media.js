// The pictures and files of a chat, the newest first.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { t, size, whole } from "../words.js";
import { Paged, folded } from "./paged.js";

/** @param {import("./chat-info.js").ChatInfo} info */
export function mediaSection(info) {
  return folded(t("info.media"), () => {
    /** @type {Paged<any>} */
    const media = new Paged({
      path: info.path("/messages"), query: () => ({ kind: "media" }), keyOf: ({ id }) => id, empty: t("info.no_media"), kind: "info-media",
      row: (message) => message.attachments.map((/** @type {any} */ file) => shown(file, message)),
    });
    info.hear(({ type, message }) => {
      if (type === "new_message" && message.kind === "media") media.add(message);
      else if (type === "message_recalled") media.remove(message.id);
      else if (type === "messages_cleared" || type === "sender_cleared") void media.load();
    });
    void media.load();
    return media.element;
  });
}

/** @param {any} file @param {any} message */
function shown(file, message) {
  const hint = `${file.name} · ${size(file.size)} · ${whole(message.created_at)}`;
  const link = { href: file.url, target: "_blank", rel: "noreferrer noopener", title: hint };
  if (file.thumbnail_url) return h("a", { ...link, class: "info-picture" }, h("img", { src: file.thumbnail_url, alt: file.name, loading: "lazy", decoding: "async" }));
  return h("a", { ...link, class: "info-file" }, icon("file", 22), h("span", { dir: "auto" }, file.name), h("small", null, size(file.size)));
}
