// The section `announcements`: something is said to one person, to several, or to everybody.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { confirmed, notice } from "../dialogs.js";
import { field, form } from "../forms.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { announcementOf } from "./announcement.js";
import { heading, lead, once, wrong } from "./parts.js";
import { peoplePicker } from "./picker.js";
import { may } from "./rights.js";

const LONGEST = 4_096;
const MOST = 1_000;
/** With so few letters left they are counted aloud. */
const FEW = 300;
/** How many of the latest are shown. */
const LATEST = 10;

class Announcements extends Element {
  picker = peoplePicker(t("admin.people"), MOST);
  latest = h("ul", { class: "stack" });
  section = h("section", { class: "stack", hidden: true }, h("h2", null, t("admin.announcements_latest")), this.latest);

  start() {
    fill(this, heading("announcements"), h("div", { class: "stack" }, lead("admin.announcements_lead"), h("section", { class: "card" }, this.#form()), this.section));
    if (may("GET:/api/v1/jobs") && may("GET:/api/v1/announcements/{announcement_id}")) this.#showLatest();
  }

  #form() {
    const left = h("small", { class: "soft", role: "status" });
    const text = field(t("admin.message"), { name: "message", kind: "textarea", rows: 4, maxlength: LONGEST, required: true, hint: t("admin.message_hint") });
    const input = /** @type {HTMLTextAreaElement} */ (text.querySelector("textarea"));
    text.append(left);
    const count = () => {
      const rest = LONGEST - input.value.length;
      left.textContent = rest <= FEW ? t("admin.letters_left", { count: rest }) : "";
    };
    input.addEventListener("input", count);
    count();
    const recipients = h("div", { class: "field", dataset: { field: "recipients" } }, this.picker, h("small", { class: "field-error" }));
    const show = (/** @type {string} */ to) => (recipients.hidden = to === "everyone");
    const post = once("/notifications");
    return form([
      text,
      h("fieldset", { class: "stack" }, h("legend", null, t("admin.to_whom")), h("div", { class: "inline wide-gap" },
        field(t("admin.to_some"), { name: "to", type: "radio", value: "some", checked: true, onchange: () => show("some") }),
        field(t("admin.to_everyone"), { name: "to", type: "radio", value: "everyone", onchange: () => show("everyone") })), recipients),
    ], t("admin.send"), async ({ message, to }) => {
      const ids = this.picker.people.map(({ id }) => id);
      if (!message.trim()) throw wrong("message", t("admin.message_missing"));
      if (to === "some" && !ids.length) throw wrong("recipients", t("admin.recipients_missing"));
      if (to === "everyone" && !await confirmed(t("admin.everyone_question"), t("admin.send"), false)) return;
      const whom = to === "everyone" ? { everyone: true } : ids.length === 1 ? { recipient_id: ids[0] } : { recipient_ids: ids };
      const answer = await this.#send(post, { message, ...whom });
      input.value = "";
      count();
      if (answer.status) this.#add(answer);
      else notice(t("admin.sent_to", { name: this.picker.people[0].name }));
    });
  }

  /** @param {(body: unknown) => Promise<any>} post @param {any} body */
  async #send(post, body) {
    try {
      return await post(body);
    } catch (error) {
      const { status, errors } = /** @type {any} */ (error);
      if (status === 404) throw wrong("recipients", t("admin.recipient_gone"));
      for (const one of errors ?? []) if (one.field.startsWith("recipient")) one.field = "recipients";
      throw error;
    }
  }

  /** @param {any} announcement */
  #add(announcement) {
    this.section.hidden = false;
    this.latest.prepend(announcementOf(announcement));
    while (this.latest.children.length > LATEST) this.latest.lastElementChild?.remove();
  }

  /** Announcements are jobs: those of before are among them. */
  async #showLatest() {
    try {
      const { items } = await client.rest.get("/jobs", { task: "announce", limit: LATEST }, this.signal);
      const all = await Promise.all(items.map((/** @type {any} */ { id }) => client.rest.get(`/announcements/${id}`, {}, this.signal).catch(() => null)));
      for (const one of all.reverse()) if (one) this.#add(one);
    } catch {
      // Without them it works as well.
    }
  }
}

define("tl-admin-announcements", Announcements);
