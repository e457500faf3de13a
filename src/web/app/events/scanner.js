// The camera that reads QR codes.

import { Element, define } from "../element.js";
import { button } from "../buttons.js";
import { fill, h } from "../dom.js";
import { lazy } from "../pages.js";
import { t } from "../words.js";

/** How long is waited after each look at the picture. */
const SCAN_INTERVAL_MS = 120;
/** A larger picture is looked at in this size: a code that fills a quarter of it can be read. */
const LARGEST = 640;
/** A code that stays in the picture is read once; it may come again after it was out of it for so long. */
const SAME_MS = 2_500;

/** Whether this browser lets a page see through a camera. */
export function canScan() {
  return !!navigator.mediaDevices?.getUserMedia;
}

/** `<tl-scanner>`: tells `code` with each code that it reads. The camera is off until it is asked for, and when it is taken out. */
class Scanner extends Element {
  /** @type {MediaStream | null} */
  #stream = null;
  /** The code that was read last, and when it was in the picture last. */
  #last = { code: "", at: 0 };

  start() {
    this.className = "stack scanner";
    this.video = h("video", { muted: true, playsInline: true, hidden: true, "aria-label": t("checkin.picture") });
    this.problem = h("p", { role: "alert", class: "form-error" });
    this.toggle = button(t("checkin.camera_on"), () => (this.#stream ? this.#end() : this.#begin()));
    fill(this, this.video, this.problem, this.toggle);
  }

  stop() {
    this.#end();
  }

  async #begin() {
    if (!this.video || !this.problem || !this.toggle) return;
    this.problem.textContent = "";
    this.toggle.disabled = true;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      // Whoever has left meanwhile is not filmed.
      if (!this.isConnected) return stop(stream);
      this.#stream = stream;
      for (const track of stream.getTracks()) track.addEventListener("ended", () => this.#stream === stream && this.#end());
      this.video.srcObject = stream;
      this.video.hidden = false;
      // What is looked at before there is a picture is no code; it may be stopped again meanwhile.
      this.video.play().catch(() => {});
      this.toggle.textContent = t("checkin.camera_off");
      this.#look(stream);
    } catch (error) {
      this.#end();
      const isRefused = /** @type {any} */ (error)?.name === "NotAllowedError";
      if (this.isConnected) this.problem.textContent = t(isRefused ? "checkin.camera_refused" : "checkin.camera_failed");
    } finally {
      this.toggle.disabled = false;
    }
  }

  #end() {
    if (this.#stream) stop(this.#stream);
    this.#stream = null;
    if (!this.video || !this.toggle) return;
    this.video.srcObject = null;
    this.video.hidden = true;
    this.toggle.textContent = t("checkin.camera_on");
  }

  /** Looks at the picture as long as there is this one. @param {MediaStream} stream */
  async #look(stream) {
    const read = await reader();
    while (this.#stream === stream && this.video) {
      const found = await read(this.video).catch(() => []);
      if (this.#stream !== stream) return;
      for (const code of found) this.#read(code);
      await new Promise((resolve) => setTimeout(resolve, SCAN_INTERVAL_MS));
    }
  }

  /** @param {string} code */
  #read(code) {
    const isSame = code === this.#last.code && Date.now() - this.#last.at < SAME_MS;
    this.#last = { code, at: Date.now() };
    if (!isSame) this.tell("code", code);
  }
}

/** What reads the codes of a picture: the browser, or else we ourselves. @returns {Promise<(video: HTMLVideoElement) => Promise<string[]>>} */
async function reader() {
  const Detector = /** @type {any} */ (window).BarcodeDetector;
  const formats = await Promise.resolve(Detector?.getSupportedFormats?.()).catch(() => []);
  if (Detector && (formats?.includes("qr_code") ?? true)) {
    const detector = new Detector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video)).map((/** @type {{rawValue: string}} */ { rawValue }) => rawValue);
  }
  const [, { readCode }] = /** @type {any} */ (await lazy.codes());
  const context = /** @type {CanvasRenderingContext2D} */ (h("canvas").getContext("2d", { willReadFrequently: true }));
  return async (video) => {
    const share = Math.min(1, LARGEST / Math.max(video.videoWidth, video.videoHeight, 1));
    const [width, height] = [Math.round(video.videoWidth * share), Math.round(video.videoHeight * share)];
    if (!width || !height) return [];
    Object.assign(context.canvas, { width, height });
    context.drawImage(video, 0, 0, width, height);
    const code = readCode(context.getImageData(0, 0, width, height));
    return code === null ? [] : [code];
  };
}

/** @param {MediaStream} stream */
function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}

define("tl-scanner", Scanner);
