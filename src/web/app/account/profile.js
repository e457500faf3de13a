// Who I am for others: picture, name, what I say of myself, and how I am reached.

import { avatarOf } from "../avatar.js";
import { button } from "../buttons.js";
import { attempt, confirmed, notice } from "../dialogs.js";
import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { client, me, session, setMe } from "../session.js";
import { t } from "../words.js";
import { cropped } from "./crop.js";
import { freshly } from "./fresh.js";
import { inForm } from "./troubles.js";

class Profile extends Element {
  picture = h("div", { class: "card account-picture" });

  start() {
    const profile = me();
    fill(this, this.picture, this.#form(profile), this.#email(profile));
    this.listen(session, "change", () => this.#drawPicture());
    this.#drawPicture();
  }

  #drawPicture() {
    const profile = me();
    if (!profile) return;
    const input = h("input", { type: "file", accept: "image/png,image/jpeg,image/gif,image/webp", hidden: true, "aria-label": t("account.choose_picture") });
    input.addEventListener("change", () => input.files?.[0] && this.#upload(input.files[0], input));
    fill(this.picture, avatarOf(profile, "large"), h("div", { class: "stack grow" }, h("div", { class: "inline" },
      button(t(profile.avatar_url ? "account.change_picture" : "account.choose_picture"), () => input.click(), { dataset: { part: "choose" } }), input,
      profile.avatar_url ? button(t("account.remove_picture"), () => this.#remove(), { class: "danger" }) : null),
    h("small", null, t("account.picture_hint"))));
  }

  /** @param {File} file @param {HTMLInputElement} input */
  async #upload(file, input) {
    const picture = await cropped(file);
    input.value = "";
    if (!picture) return this.#focus();
    const body = new FormData();
    body.append("file", picture, "avatar");
    if (await attempt(async () => setMe(await client.rest.post("/users/avatar", body)))) notice(t("account.picture_changed"));
    this.#focus();
  }

  async #remove() {
    if (!(await confirmed(t("account.remove_picture_question"), t("account.remove_picture")))) return;
    await attempt(async () => {
      await client.rest.delete("/users/avatar");
      setMe({ ...me(), avatar_url: null });
    });
    this.#focus();
  }

  #focus() {
    /** @type {HTMLElement | null} */ (this.picture.querySelector('[data-part="choose"]'))?.focus();
  }

  /** @param {any} profile */
  #form({ name, username, bio, contacts }) {
    const contact = (/** @type {string} */ key, /** @type {string} */ label) => field(label, { name: `contacts.${key}`, value: contacts?.[key], maxlength: 255, autocomplete: "off" });
    return h("section", { class: "card" }, h("h2", null, t("account.about_me")), form([
      field(t("account.name"), { name: "name", value: name, maxlength: 255, required: true, autocomplete: "name", hint: t("account.name_hint") }),
      field(t("account.username"), { name: "username", value: username, maxlength: 32, required: true, autocomplete: "username", autocapitalize: "none", spellcheck: "false", hint: t("account.username_hint") }),
      field(t("account.bio"), { name: "bio", kind: "textarea", value: bio, maxlength: 1000, hint: t("account.bio_hint") }),
      h("fieldset", { class: "account-contacts" }, h("legend", null, t("account.contacts")), h("small", null, t("account.contacts_hint")),
        contact("github", "GitHub"), contact("wechat", "WeChat"), contact("qq", "QQ")),
    ], t("app.save"), async (values) => {
      const change = {
        name: values.name.trim(), username: values.username.trim(), bio: values.bio,
        contacts: Object.fromEntries(["github", "wechat", "qq"].map((key) => [key, values[`contacts.${key}`].trim() || null])),
      };
      setMe(await inForm(client.rest.patch("/users/me", change)));
      notice(t("account.saved"));
    }));
  }

  /** @param {any} profile */
  #email({ email }) {
    return h("section", { class: "card" }, h("h2", null, t("account.email")), form([
      field(t("account.email_address"), { name: "email", type: "email", value: email, maxlength: 254, required: true, autocomplete: "email", hint: t("account.email_hint") }),
    ], t("account.change_email"), async (values) => {
      const { id, name, username } = me();
      const change = (/** @type {string | undefined} */ current_password) => client.rest.put(`/users/${id}`, { name, username, email: values.email.trim(), current_password });
      setMe(await inForm(freshly(change)));
      notice(t("account.saved"));
    }));
  }
}

define("tl-account-profile", Profile);
