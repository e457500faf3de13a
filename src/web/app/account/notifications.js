// Of what I am told, and how: live, and by push on this device.

import { button } from "../buttons.js";
import { attempt, notice, sentence } from "../dialogs.js";
import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { pushState, switchOff, switchOn } from "./push.js";

/** The kinds, in the order in which they are shown. */
const KINDS = [
  "direct", "mention", "reply", "friend_request", "friend_accepted", "chat_added", "comment", "ticket_bought", "event_changed", "event_soon",
  "place_free", "scheduled_failed", "message",
];

class Notifications extends Element {
  device = h("section", { class: "card stack" });
  kinds = h("div", { class: "scrolls" });

  start() {
    fill(this, this.device, h("section", { class: "card stack" }, h("h2", null, t("account.kinds")), h("p", { class: "soft" }, t("account.kinds_hint")), this.kinds));
    fill(this.kinds, h("p", { class: "soft" }, t("app.loading")));
    this.#drawDevice(null);
    pushState().then((state) => this.#drawDevice(state), () => this.#drawDevice("unsupported"));
    this.#load();
  }

  /** @param {import("./push.js").State | null} state @param {string} [problem] */
  #drawDevice(state, problem) {
    const hadFocus = this.device.contains(document.activeElement);
    const action = state === "on" ? button(t("account.push_off"), (event) => this.#turn(event, false)) : button(t("account.push_on"), (event) => this.#turn(event, true), { class: "primary" });
    fill(this.device, h("h2", null, t("account.push_here")), h("p", { class: "soft" }, t("account.push_hint")),
      h("p", { role: "status", class: "account-state" }, state && state !== "off" ? t(`account.push_is_${state}`) : ""), problem ? h("p", { class: "form-error", role: "alert" }, problem) : null,
      state === "denied" || state === "unsupported" ? null : h("div", null, action));
    action.disabled = state === null;
    if (hadFocus) this.device.querySelector("button")?.focus();
  }

  /** @param {MouseEvent} event @param {boolean} isOn */
  async #turn(event, isOn) {
    const pressed = /** @type {HTMLButtonElement} */ (event.currentTarget);
    pressed.disabled = true;
    try {
      if (isOn) this.#drawDevice(await switchOn());
      else {
        await switchOff();
        this.#drawDevice("off");
      }
    } catch (error) {
      const isNoService = /** @type {any} */ (error).code === "no_push_service";
      this.#drawDevice(isOn ? "off" : "on", isNoService ? t("account.no_push_service") : sentence(error));
    }
  }

  async #load() {
    try {
      this.#drawKinds(await client.rest.get("/notifications/preferences", {}, this.signal));
    } catch (error) {
      if (!this.signal.aborted) fill(this.kinds, h("p", { class: "soft" }, sentence(error)), button(t("app.retry"), () => this.#load()));
    }
  }

  /** @param {Record<string, {live: boolean, push: boolean}>} preferences */
  #drawKinds(preferences) {
    // A later version may know more.
    const kinds = KINDS.filter((kind) => preferences[kind]);
    fill(this.kinds, h("table", { class: "table account-kinds" },
      h("thead", null, h("tr", null, h("th", { scope: "col" }, t("account.kind")), ["live", "push"].map((way) => h("th", { scope: "col" }, t(`account.${way}`))))),
      h("tbody", null, kinds.map((kind) => h("tr", null, h("th", { scope: "row" }, t(`account.kind_${kind}`)), [this.#box(kind, "live", preferences), this.#box(kind, "push", preferences)])))));
  }

  /** @param {string} kind @param {"live" | "push"} way @param {any} preferences */
  #box(kind, way, preferences) {
    // Messages of direct chats come anyway.
    const isFixed = kind === "direct" && way === "live";
    const box = h("input", { type: "checkbox", checked: preferences[kind][way], disabled: isFixed, "aria-label": `${t(`account.kind_${kind}`)}: ${t(`account.${way}`)}` });
    box.addEventListener("change", async () => {
      const isOn = box.checked;
      const isDone = await attempt(() => client.rest.put("/notifications/preferences", { [kind]: { [way]: isOn } }));
      if (!isDone) box.checked = !isOn;
      else notice(t("account.saved"));
    });
    return h("td", null, h("label", { class: "account-box" }, box));
  }
}

define("tl-account-notifications", Notifications);
