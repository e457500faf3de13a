// Setting a new password with a link: `<tl-reset-password-page>`.

import { Element } from "../element.js";
import { fill, h } from "../dom.js";
import { form } from "../forms.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { request } from "../../client/http.js";
import { frame, way } from "./frame.js";
import { passwordField } from "./password-field.js";
import { sending } from "./troubles.js";

/** The page `#/reset-password?token=`. */
export class ResetPasswordPage extends Element {
  /** Nobody who looks at the screen or at the history is to see it. @type {string} */
  #token = "";

  start() {
    this.#takeToken();
    if (!this.#token) return this.#tellBad();
    const password = passwordField(t("sign_in.new_password"), { name: "new_password", autocomplete: "new-password", hint: t("sign_in.password_hint") });
    const send = sending((values) => this.#reset(values.new_password));
    fill(this, frame(t("sign_in.reset_title"), h("p", { class: "soft" }, t("sign_in.reset_about")), form([password], t("sign_in.reset_action"), send)));
    password.querySelector("input")?.focus();
  }

  /** Another link may be opened in the same window. */
  moved() {
    return !this.query.has("token");
  }

  #takeToken() {
    this.#token = this.query.get("token") ?? "";
    if (this.#token) history.replaceState(null, "", address("/reset-password"));
  }

  /** @param {string} new_password */
  async #reset(new_password) {
    try {
      await request(client.way, "POST", "/auth/password/reset", { body: { token: this.#token, new_password } });
    } catch (error) {
      if (/** @type {any} */ (error).errors?.some((/** @type {any} */ { field }) => field === "token")) return this.#tellBad();
      throw error;
    }
    const link = h("a", { class: "button primary", href: address(client.userId === null ? "/sign-in" : "/") }, t("sign_in.to_sign_in"));
    fill(this, frame(t("sign_in.reset_title"), h("p", { role: "status" }, t("sign_in.reset_done")), h("div", { class: "actions" }, link)));
    link.focus();
  }

  #tellBad() {
    const link = h("a", { class: "button primary", href: address("/forgot-password") }, t("sign_in.forgot_again"));
    fill(this, frame(t("sign_in.reset_title"), h("p", { role: "alert" }, t("sign_in.bad_token")), h("div", { class: "actions" }, link),
      way(null, t("sign_in.to_sign_in"), "/sign-in")));
    link.focus();
  }
}
