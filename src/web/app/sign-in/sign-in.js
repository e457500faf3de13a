// Signing in: `<tl-sign-in-page>`.

import { Element } from "../element.js";
import { fill } from "../dom.js";
import { field, form } from "../forms.js";
import { client, signIn } from "../session.js";
import { t } from "../words.js";
import { frame, way } from "./frame.js";
import { goNext, keepNext } from "./next.js";
import { passwordField } from "./password-field.js";
import { sending } from "./troubles.js";

/** The page `#/sign-in?next=`. */
export class SignInPage extends Element {
  start() {
    if (client.userId !== null) return goNext(this.query);
    const who = field(t("sign_in.who"), {
      name: "who", autocomplete: "username", autocapitalize: "none", spellcheck: "false", required: true, autofocus: true,
    });
    const password = passwordField(t("sign_in.password"), { name: "password", autocomplete: "current-password" });
    const send = sending(async (values) => {
      const name = values.who.trim();
      await signIn({ [name.includes("@") ? "email" : "username"]: name, password: values.password });
      goNext(this.query);
    });
    fill(this, frame(t("sign_in.title"), form([who, password], t("sign_in.action"), send),
      way(null, t("sign_in.forgotten"), "/forgot-password"), way(t("sign_in.new_here"), t("sign_in.make_account"), "/register", keepNext(this.query))));
    who.querySelector("input")?.focus();
  }
}
