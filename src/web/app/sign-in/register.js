// Making an account: `<tl-register-page>`.

import { Element } from "../element.js";
import { fill } from "../dom.js";
import { field, form } from "../forms.js";
import { go } from "../router.js";
import { client, signIn } from "../session.js";
import { t } from "../words.js";
import { frame, way } from "./frame.js";
import { goNext, keepNext } from "./next.js";
import { passwordField } from "./password-field.js";
import { sending } from "./troubles.js";

/** The page `#/register?next=`. */
export class RegisterPage extends Element {
  start() {
    if (client.userId !== null) return goNext(this.query);
    const name = field(t("sign_in.name"), { name: "name", autocomplete: "name", maxlength: 255, required: true, hint: t("sign_in.name_hint") });
    const fields = [
      name,
      field(t("sign_in.email"), { name: "email", type: "email", autocomplete: "email", required: true }),
      field(t("sign_in.username"), {
        name: "username", autocomplete: "username", autocapitalize: "none", spellcheck: "false", maxlength: 32, hint: t("sign_in.username_hint"),
      }),
      passwordField(t("sign_in.password"), { name: "password", autocomplete: "new-password", hint: t("sign_in.password_hint") }),
    ];
    fill(this, frame(t("sign_in.register_title"), form(fields, t("sign_in.register_action"), sending((values) => this.#register(values))),
      way(t("sign_in.have_account"), t("sign_in.action"), "/sign-in", keepNext(this.query))));
    name.querySelector("input")?.focus();
  }

  /** @param {Record<string, any>} values */
  async #register({ name, email, username, password }) {
    await client.register({ name: name.trim(), email: email.trim(), username: username.trim() || undefined, password });
    try {
      await signIn({ email: email.trim(), password });
    } catch {
      // The account is there: the same form would be told that its address is taken.
      return go("/sign-in", keepNext(this.query), true);
    }
    goNext(this.query);
  }
}
