// Cutting a square out of a picture: moved by dragging or by the arrow keys, made larger by a slider.

import { button } from "../buttons.js";
import { notice, openDialog } from "../dialogs.js";
import { h } from "../dom.js";
import { t } from "../words.js";

/** How wide the square is that is sent, and the one that is shown. */
const SIDE = 512;
const SHOWN = 280;
/** How far the arrow keys move it. */
const STEP = 16;
const MOST = 4;

/** A square of a picture; null when somebody has thought better of it. @param {File} file @returns {Promise<Blob | null>} */
export async function cropped(file) {
  /** @type {ImageBitmap} */
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    notice(t("account.no_picture"), "error");
    return null;
  }
  const view = new View(picture);
  const isChosen = await openDialog(t("account.crop"), (dialog) => [
    h("p", { class: "soft", id: "crop-hint" }, t("account.crop_hint")),
    h("div", { class: "crop" }, view.canvas),
    h("label", { class: "crop-zoom" }, h("span", null, t("account.zoom")), view.slider),
    h("div", { class: "actions" }, button(t("app.cancel"), () => dialog.close("")), button(t("account.use_picture"), () => dialog.close("yes"), { class: "primary" })),
  ]);
  const result = isChosen ? await view.cut(file.type === "image/jpeg" ? "image/jpeg" : "image/png") : null;
  picture.close();
  return result;
}

/** What is seen of the picture: where its middle is, and how large. */
class View {
  /** @param {ImageBitmap} picture */
  constructor(picture) {
    this.picture = picture;
    this.x = picture.width / 2;
    this.y = picture.height / 2;
    this.zoom = 1;
    this.canvas = h("canvas", { width: SHOWN * 2, height: SHOWN * 2, tabindex: 0, autofocus: true, role: "img", "aria-label": t("account.crop_picture"), "aria-describedby": "crop-hint" });
    this.slider = h("input", { type: "range", min: "1", max: String(MOST), step: "0.01", value: "1" });
    this.slider.addEventListener("input", () => this.change(this.x, this.y, Number(this.slider.value)));
    this.canvas.addEventListener("keydown", (event) => this.#key(event));
    this.canvas.addEventListener("pointerdown", (event) => this.#drag(event));
    this.canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.change(this.x, this.y, this.zoom * (event.deltaY < 0 ? 1.08 : 0.92));
    }, { passive: false });
    this.draw(this.canvas);
  }

  /** How many points of the picture are one of what is shown. */
  get scale() {
    return Math.min(this.picture.width, this.picture.height) / this.zoom / SHOWN;
  }

  /** @param {number} x @param {number} y @param {number} zoom */
  change(x, y, zoom) {
    this.zoom = Math.min(MOST, Math.max(1, zoom));
    const half = (this.scale * SHOWN) / 2;
    this.x = Math.min(this.picture.width - half, Math.max(half, x));
    this.y = Math.min(this.picture.height - half, Math.max(half, y));
    this.slider.value = String(this.zoom);
    this.draw(this.canvas);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const [right, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    const closer = { "+": 1.1, "=": 1.1, "-": 0.9 }[event.key] ?? 1;
    if (!right && !down && closer === 1) return;
    event.preventDefault();
    this.change(this.x + right * STEP * this.scale, this.y + down * STEP * this.scale, this.zoom * closer);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const from = { x: this.x, y: this.y, left: event.clientX, top: event.clientY };
    this.canvas.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ now) =>
      this.change(from.x - (now.clientX - from.left) * this.scale, from.y - (now.clientY - from.top) * this.scale, this.zoom);
    this.canvas.addEventListener("pointermove", move);
    const end = () => this.canvas.removeEventListener("pointermove", move);
    this.canvas.addEventListener("pointerup", end, { once: true });
    this.canvas.addEventListener("pointercancel", end, { once: true });
  }

  /** @param {HTMLCanvasElement} canvas */
  draw(canvas) {
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const side = this.scale * SHOWN;
    context.imageSmoothingQuality = "high";
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.picture, this.x - side / 2, this.y - side / 2, side, side, 0, 0, canvas.width, canvas.height);
  }

  /** The square as a file. @param {string} type @returns {Promise<Blob | null>} */
  cut(type) {
    const canvas = h("canvas", { width: SIDE, height: SIDE });
    this.draw(canvas);
    return new Promise((resolve) => canvas.toBlob(resolve, type, 0.9));
  }
}
