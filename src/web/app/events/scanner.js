// The camera that reads QR codes, where a browser can.

import { Element, define } from "../element.js";
import { button } from "../buttons.js";
import { fill, h } from "../dom.js";
import { t } from "../words.js";

/** How often the picture is looked at. */
const LOOK_MS = 120;
/** A code that stays in the picture is read once; it may come again after it was out of it for so long. */
const SAME_MS = 2_500;

/** Whether this browser can read codes from a camera. */
export function canScan() {
  return "BarcodeDetector" in window && !!navigator.mediaDevices?.getUserMedia;
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
    const detector = new (/** @type {any} */ (window).BarcodeDetector)({ formats: ["qr_code"] });
    while (this.#stream === stream && this.video) {
      /** @type {{rawValue: string}[]} */
      const found = await detector.detect(this.video).catch(() => []);
      if (this.#stream !== stream) return;
      for (const { rawValue } of found) this.#read(rawValue);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** @param {string} code */
  #read(code) {
    const isSame = code === this.#last.code && Date.now() - this.#last.at < SAME_MS;
    this.#last = { code, at: Date.now() };
    if (!isSame) this.tell("code", code);
  }
}

/** @param {MediaStream} stream */
function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}

define("tl-scanner", Scanner);
