// Pictures in full size: `<tl-viewer>`, above everything else.

import { iconButton } from "../buttons.js";
import { Element } from "../element.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { localUrl } from "../messages/attachments.js";
import { client } from "../session.js";
import { t, whole } from "../words.js";

/** How far a finger has to draw a picture aside. */
const SWIPE = 60;

/** A picture, with who sent it. @typedef {import("../messages/attachments.js").File & {sender_id?: string | null, created_at?: string}} Picture */

/** Shows `pictures`, beginning with the one whose id is `at`. It takes itself away when it is closed. */
export class Viewer extends Element {
  /** @type {Picture[]} */
  pictures = [];
  at = "";
  dialog = h("dialog", { class: "viewer", "aria-label": t("viewer.title") });
  stage = h("div", { class: "viewer-stage" });
  caption = h("div", { class: "viewer-caption" });
  download = h("a", { class: "icon-button", "aria-label": t("viewer.download"), title: t("viewer.download") }, icon("download"));
  #place = 0;
  #from = 0;

  start() {
    this.#place = Math.max(0, this.pictures.findIndex(({ id }) => id === this.at));
    const isOne = this.pictures.length < 2;
    this.previous = iconButton("back", t("viewer.previous"), () => this.#go(-1), { hidden: isOne, class: "icon-button viewer-previous" });
    this.next = iconButton("forward", t("viewer.next"), () => this.#go(1), { hidden: isOne, class: "icon-button viewer-next" });
    const close = iconButton("close", t("app.close"), () => this.dialog.close(), { autofocus: true });
    fill(this.dialog, h("div", { class: "viewer-head" }, this.caption, this.download, close), this.stage, this.previous, this.next);
    fill(this, this.dialog);
    this.listen(this.dialog, "close", () => this.remove());
    this.listen(this.dialog, "keydown", (event) => this.#key(event));
    this.listen(this.stage, "click", (event) => event.target === this.stage && this.dialog.close());
    this.listen(this.stage, "pointerdown", (event) => (this.#from = event.clientX));
    this.listen(this.stage, "pointerup", (event) => this.#drawn(event));
    this.#show();
    this.dialog.showModal();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isRtl = getComputedStyle(this).direction === "rtl";
    const step = { ArrowLeft: isRtl ? 1 : -1, ArrowRight: isRtl ? -1 : 1, Home: -this.#place, End: this.pictures.length - 1 - this.#place }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.#go(step);
  }

  /** @param {PointerEvent} event */
  #drawn(event) {
    const by = event.clientX - this.#from;
    if (event.pointerType !== "mouse" && Math.abs(by) > SWIPE) this.#go(by > 0 ? -1 : 1);
  }

  /** @param {number} step */
  #go(step) {
    const place = this.#place + step;
    if (!this.pictures[place]) return;
    this.#place = place;
    this.#show();
  }

  #show() {
    const picture = this.pictures[this.#place];
    if (!picture) return;
    const url = localUrl(picture.url);
    const width = picture.width ?? 0;
    const image = h("img", {
      src: url, alt: picture.name, width, height: picture.height ?? 0, draggable: false,
      onerror: () => fill(this.stage, h("p", { role: "alert" }, t("viewer.failed"))),
    });
    // The small one stands in its place until it is there.
    if (picture.thumbnail_url) image.style.setProperty("background-image", `url("${localUrl(picture.thumbnail_url)}")`);
    image.addEventListener("load", () => image.style.removeProperty("background-image"));
    fill(this.stage, image);
    const count = this.pictures.length;
    const who = picture.sender_id ? client.person(picture.sender_id)?.name : null;
    fill(this.caption, h("strong", { dir: "auto" }, picture.name), h("small", { role: "status" },
      [count > 1 ? t("viewer.place", { at: this.#place + 1, count }) : null, who, picture.created_at ? whole(picture.created_at) : null].filter(Boolean).join(" · ")));
    this.download.setAttribute("href", url);
    this.download.setAttribute("download", picture.name);
    for (const [button, by] of /** @type {const} */ ([[this.previous, -1], [this.next, 1]])) {
      const beside = this.pictures[this.#place + by];
      if (button) button.disabled = !beside;
      if (beside) new Image().src = localUrl(beside.url);
    }
  }
}
