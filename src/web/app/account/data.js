// What is mine: the address of my calendar, and the end of my account.

import { button } from "../buttons.js";
import { attempt, confirmed, notice, openDialog } from "../dialogs.js";
import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { go } from "../router.js";
import { client, me, signOut } from "../session.js";
import { forgetPerson } from "./forget.js";
import { t } from "../words.js";
import { toCopy } from "./copy.js";
import { passwordField } from "./fresh.js";
import { inForm } from "./troubles.js";

class Data extends Element {
  calendar = h("div", { class: "stack" });

  start() {
    fill(this,
      h("section", { class: "card stack" }, h("h2", null, t("account.calendar")), h("p", null, t("account.calendar_hint")), this.calendar),
      h("section", { class: "card stack" }, h("h2", null, t("account.delete_account")), h("p", null, t("account.delete_hint")),
        h("div", null, button(t("account.delete_account"), () => this.#askToErase(), { class: "danger" }))));
    this.#drawCalendar(null);
  }

  /** @param {string | null} url */
  #drawCalendar(url) {
    fill(this.calendar, url ? [h("p", { role: "status" }, t("account.calendar_once")), toCopy(t("account.calendar"), url)] : null,
      h("div", { class: "inline" }, button(t("account.make_calendar"), () => this.#make()), button(t("account.end_calendar"), () => this.#end(), { class: "danger" })));
  }

  async #make() {
    await attempt(async () => {
      const { url } = await client.rest.post("/users/me/calendar");
      this.#drawCalendar(url);
      this.calendar.querySelector("input")?.focus();
    });
  }

  async #end() {
    if (!(await confirmed(t("account.end_calendar_question"), t("account.end_calendar")))) return;
    const isDone = await attempt(() => client.rest.delete("/users/me/calendar").catch((error) => {
      if (error.status !== 404) throw error;
    }));
    if (!isDone) return;
    this.#drawCalendar(null);
    notice(t("account.calendar_ended"));
  }

  async #askToErase() {
    const { username } = me();
    const answer = await openDialog(t("account.delete_account"), (dialog) => form([
      h("p", null, t("account.delete_what")),
      h("fieldset", { class: "account-contacts" }, h("legend", null, t("account.my_messages")),
        field(t("account.keep_messages"), { name: "messages", type: "radio", value: "keep", checked: true }),
        field(t("account.clear_messages"), { name: "messages", type: "radio", value: "clear" })),
      passwordField(t("account.current_password"), "current_password", "current-password"),
      field(t("account.type_username", { username }), { name: "confirmation", autocomplete: "off", autocapitalize: "none", spellcheck: "false", required: true }),
    ], t("account.delete_for_good"), async ({ messages, current_password, confirmation }) => {
      if (confirmation.trim() !== username) throw { message: "", errors: [{ field: "confirmation", message: t("account.not_the_username") }] };
      await inForm(client.rest.delete("/users/me", { current_password, messages }));
      dialog.close("yes");
    }, button(t("app.cancel"), () => dialog.close(""))), "danger-dialog");
    if (answer !== "yes") return;
    await forgetPerson(me()?.id).catch(() => {});
    await signOut();
    go("/sign-in", {}, true);
    notice(t("account.deleted"));
  }
}

define("tl-account-data", Data);
