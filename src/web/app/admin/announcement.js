// How far an announcement is.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { statusChip } from "./job.js";
import { told, when } from "./parts.js";

const EVERY_MS = 1_000;

class Announcement extends Element {
  /** @type {any} */
  announcement = null;
  bar = h("progress", { "aria-label": t("admin.progress") });
  line = h("div", { class: "inline between" });
  problem = h("small", { class: "error-line" });
  #shown = "";

  start() {
    this.className = "card stack announcement";
    fill(this, this.line, this.bar, this.problem);
    this.#draw();
    const timer = setInterval(() => {
      if (this.announcement.finished_at) clearInterval(timer);
      else if (!document.hidden) this.#look();
    }, EVERY_MS);
    this.signal.addEventListener("abort", () => clearInterval(timer));
  }

  async #look() {
    try {
      this.announcement = await client.rest.get(`/announcements/${this.announcement.id}`, {}, this.signal);
      this.#draw();
    } catch (error) {
      if (this.isConnected) this.problem.textContent = told(error);
    }
  }

  #draw() {
    const { status, done, total, created_at: at, error } = this.announcement;
    const now = JSON.stringify(this.announcement);
    if (now === this.#shown) return;
    this.#shown = now;
    fill(this.line, h("span", { class: "inline" }, statusChip(status), when(at)), h("span", { role: "status" }, total === null ? t("admin.told", { count: done }) : t("admin.told_of", { done, count: total })));
    if (total === null && status !== "succeeded") this.bar.removeAttribute("value");
    else Object.assign(this.bar, { max: Math.max(total ?? done, 1), value: status === "succeeded" ? Math.max(total ?? done, 1) : done });
    this.problem.textContent = error ?? "";
  }
}

define("tl-admin-announcement", Announcement);

/** How far it is; kept up to date until it has ended. @param {any} announcement */
export function announcementOf(announcement) {
  return h("li", null, h("tl-admin-announcement", { announcement }));
}
