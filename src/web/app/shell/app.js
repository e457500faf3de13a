// The frame: the navigation, the state of the connection, and the page that the address names.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { sentence } from "../dialogs.js";
import { lazy } from "../pages.js";
import { address, find, go, here } from "../router.js";
import { client, enter, me, session } from "../session.js";
import { t } from "../words.js";
import { drawNavigation } from "./navigation.js";
import { listenToKeys } from "./keys.js";

/** How long after the first page at the latest that is loaded what stands beside all pages. */
const BESIDE_MS = 800;

/** The whole client. */
class App extends Element {
  main = h("main", { id: "content", tabindex: -1 });
  navigation = h("nav", { class: "navigation", "aria-label": t("app.navigation"), hidden: true });
  banner = h("div", { class: "banner", role: "status", hidden: true });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #late;
  /** The page that is shown. @type {any} */
  #page = null;
  /** Which one that is. */
  #element = "";
  /** Whether the page was opened while there was no connection. */
  #isLacking = false;
  /** Counts what was opened, so that a page that loads slowly does not come after another one. */
  #opened = 0;

  async start() {
    fill(this, h("a", { class: "skip", href: "#content", onclick: (/** @type {Event} */ event) => this.#skip(event) }, t("app.skip")),
      this.banner, this.navigation, this.main);
    this.listen(window, "hashchange", () => this.#show());
    this.listen(session, "change", () => this.#drawNavigation());
    this.follow("change", () => this.#drawNavigation());
    this.follow("frame", ({ type }) => type.startsWith("notification") && this.#drawNavigation());
    this.follow("state", (state) => this.#drawState(state));
    // Nothing of one person is left in the page for the next one.
    this.follow("signed_out", () => this.#begin(find(here().path)?.page.isPublic ? location.hash : address("/sign-in", { next: location.hash.slice(1) })));
    this.listen(window, "storage", ({ key }) => key === client.session.key && client.userId !== (me()?.id ?? null) && this.#begin(location.hash));
    listenToKeys(this);
    await this.#enter();
    await this.#shown();
    await Promise.all([lazy.notices(), lazy.chatMenu()]).catch(() => {});
  }

  /** The first conversation is there, or something else has been for a while. */
  async #shown() {
    for (let waited = 0; waited < BESIDE_MS && !performance.getEntriesByName("conversation-shown").length; waited += 50) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Goes online, again and again where the server cannot be reached yet. */
  async #enter() {
    for (let pause = 500; this.isConnected; pause = Math.min(pause * 2, 15_000)) {
      try {
        const isIn = await enter();
        const found = find(here().path);
        if (!isIn && !found?.page.isPublic) go("/sign-in", here().path === "/" ? {} : { next: location.hash.slice(1) }, true);
        else await this.#show();
        return;
      } catch (error) {
        if (this.#page === null) fill(this.main, h("p", { class: "empty", role: "status" }, sentence(error)));
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  /** Shows the page of the address. */
  async #show() {
    const { path, query } = here();
    const found = find(path);
    if (found && !found.page.isPublic && client.userId === null) return go("/sign-in", { next: location.hash.slice(1) }, true);
    // Who enters is shown the page then.
    if (found && !found.page.isPublic && me() === null) return;
    const opened = ++this.#opened;
    if (found?.page.load) {
      try {
        await found.page.load();
      } catch {
        if (opened !== this.#opened) return;
        // Where the server can be reached it has another version by now.
        if (client.state === "online") return this.#tellNewVersion();
        this.#page = null;
        this.#isLacking = true;
        return fill(this.main, h("p", { class: "empty", role: "status" }, t("app.unreachable")));
      }
      if (opened !== this.#opened) return;
    }
    const element = found?.page.element ?? "tl-not-found";
    if (this.#page && element === this.#element) {
      this.#page.params = found?.params ?? {};
      this.#page.query = query;
      if (this.#page.moved()) return this.#drawNavigation();
    }
    this.#element = element;
    this.#isLacking = client.state !== "online" && client.userId !== null;
    this.#page = h(element, { params: found?.params ?? {}, query });
    fill(this.main, this.#page);
    this.#drawNavigation();
    if (opened > 1) this.main.focus({ preventScroll: true });
  }

  /** Begins anew at an address. @param {string} to */
  #begin(to) {
    history.replaceState(null, "", to || "#/");
    location.reload();
  }

  #drawNavigation() {
    drawNavigation(this.navigation, find(here().path)?.page.place ?? "");
  }

  /** @param {string} state */
  #drawState(state) {
    // What was opened without a connection is opened once more, unless somebody has begun to write there.
    const isWritten = [...this.main.querySelectorAll("input, textarea")].some((field) => /** @type {any} */ (field).value);
    if (state === "online" && this.#isLacking && !isWritten && me() !== null) {
      this.#element = "";
      void this.#show();
    }
    // A short break is nobody's concern.
    clearTimeout(this.#late);
    const text = { waiting: "app.offline", connecting: "app.connecting", refused: "app.refused" }[state];
    if (!text || client.userId === null) this.banner.hidden = true;
    else this.#late = setTimeout(() => {
      if (this.#page === null) return fill(this.main, h("p", { class: "empty", role: "status" }, t(text)));
      fill(this.banner, t(text));
      this.banner.hidden = false;
    }, 1_500);
  }

  #tellNewVersion() {
    fill(this.banner, t("app.new_version"), " ", h("button", { type: "button", class: "button", onclick: () => location.reload() }, t("app.reload")));
    this.banner.hidden = false;
  }

  /** @param {Event} event */
  #skip(event) {
    event.preventDefault();
    this.main.focus();
  }
}

/** What is shown where no page is. */
class NotFound extends Element {
  start() {
    fill(this, h("div", { class: "empty" }, h("p", null, t("app.not_found")), h("a", { class: "button", href: address("/") }, t("app.home"))));
  }
}

/** Lets the page begin. */
export function defineApp() {
  define("tl-not-found", NotFound);
  define("tl-app", App);
}
