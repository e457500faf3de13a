// Asking for a link to set a new password: `<tl-forgot-password-page>`.

import { Element } from "../element.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { request } from "../../client/http.js";
import { frame, way } from "./frame.js";
import { sending } from "./troubles.js";

/** The page `#/forgot-password`. */
export class ForgotPasswordPage extends Element {
  start() {
    const email = field(t("sign_in.email"), { name: "email", type: "email", autocomplete: "username", required: true });
    const send = sending(async (values) => {
      await request(client.way, "POST", "/auth/password/forgot", { body: { email: values.email.trim() } });
      this.#tellSent(values.email.trim());
    });
    fill(this, frame(t("sign_in.forgot_title"), h("p", { class: "soft" }, t("sign_in.forgot_about")), form([email], t("sign_in.forgot_action"), send), back()));
    email.querySelector("input")?.focus();
  }

  /** Nobody is told whether there is such an account. @param {string} email */
  #tellSent(email) {
    const said = h("p", { role: "status", tabindex: -1 }, t("sign_in.forgot_sent", { email }));
    fill(this, frame(t("sign_in.forgot_title"), said, back()));
    said.focus();
  }
}

function back() {
  return way(null, t("sign_in.to_sign_in"), "/sign-in");
}
