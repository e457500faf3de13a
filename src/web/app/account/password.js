// A new password.

import { notice } from "../dialogs.js";
import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { form } from "../forms.js";
import { client, me } from "../session.js";
import { t } from "../words.js";
import { passwordField } from "./fresh.js";
import { inForm } from "./troubles.js";

class Password extends Element {
  start() {
    fill(this, h("p", { class: "soft" }, t("account.password_hint")), h("section", { class: "card" }, form([
      // Programs that keep passwords want to know whose it is.
      h("input", { type: "text", name: "username", autocomplete: "username", value: me()?.email ?? "", hidden: true }),
      passwordField(t("account.current_password"), "current_password", "current-password"),
      passwordField(t("account.new_password"), "new_password", "new-password", { maxlength: 128, hint: t("account.new_password_hint") }),
      passwordField(t("account.repeat_password"), "repeated", "new-password", { maxlength: 128 }),
    ], t("account.change_password"), async ({ current_password, new_password, repeated }, element) => {
      if (new_password !== repeated) throw { message: "", errors: [{ field: "repeated", message: t("account.not_the_same") }] };
      await inForm(client.rest.post("/auth/password", { current_password, new_password }));
      element.reset();
      notice(t("account.password_changed"));
    })));
  }
}

define("tl-account-password", Password);
