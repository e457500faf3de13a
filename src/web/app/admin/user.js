// What administrators do with one person: the profile, the roles, and whether they may sign in.

import { avatarOf } from "../avatar.js";
import { fill, h } from "../dom.js";
import { button } from "../buttons.js";
import { attempt, confirmed, notice, openDialog, tellError } from "../dialogs.js";
import { field, form } from "../forms.js";
import { address } from "../router.js";
import { client, me, setMe } from "../session.js";
import { t } from "../words.js";
import { facts, when, wrong } from "./parts.js";
import { may } from "./rights.js";

/** Opens a person. @param {string} id @param {() => void} changed told when something of them is another */
export async function openUser(id, changed) {
  /** @type {any} */
  let user = null;
  if (!await attempt(async () => (user = await client.rest.get(`/users/${id}`))) || !user) return;
  await openDialog(user.name, (dialog) => {
    const place = h("div", { class: "stack" });
    draw(place, dialog, user, changed);
    return place;
  }, "wide");
}

/** @param {HTMLElement} place @param {HTMLDialogElement} dialog @param {any} user @param {() => void} changed */
function draw(place, dialog, user, changed) {
  const taken = (/** @type {any} */ now) => {
    if (now.id === client.userId) setMe(now);
    Object.assign(user, now);
    changed();
  };
  fill(place,
    h("div", { class: "person" }, avatarOf(user), h("div", { class: "grow" }, facts([
      [t("admin.id"), h("code", null, user.id)],
      [t("admin.created"), when(user.created_at)],
      [t("admin.last_online"), user.last_online_at === undefined ? null : when(user.last_online_at)],
    ])), h("a", { class: "button", href: address(`/people/${user.id}`), onclick: () => dialog.close("") }, t("admin.profile"))),
    profileForm(user, taken),
    user.roles && may("PUT:/api/v1/users/{id}/roles") ? rolesForm(user, taken) : null,
    user.status && may("PUT:/api/v1/users/{id}/status") ? statusPart(user, taken) : null);
}

/** @param {any} user @param {(user: any) => void} taken */
function profileForm(user, taken) {
  const isMe = user.id === client.userId;
  const password = field(t("admin.current_password"), { name: "current_password", type: "password", autocomplete: "current-password", hint: t("admin.current_password_why") });
  password.hidden = true;
  return part(t("admin.profile_form"), null, form([
    h("div", { class: "pair" },
      field(t("admin.name"), { name: "name", value: user.name, maxlength: 255, required: true }),
      field(t("admin.username"), { name: "username", value: user.username, maxlength: 32, required: true, autocapitalize: "none", spellcheck: "false" })),
    field(t("admin.email"), { name: "email", type: "email", value: user.email ?? "", maxlength: 254, required: true, autocomplete: "off" }),
    password,
  ], t("app.save"), async ({ name, username, email, current_password }) => {
    try {
      // What others have changed meanwhile stays, where it was not changed here.
      const now = await client.rest.get(`/users/${user.id}`);
      const wanted = Object.entries({ name, username, email }).map(([key, value]) => [key, value === (user[key] ?? "") ? now[key] : value]);
      taken(await client.rest.put(`/users/${user.id}`, { ...Object.fromEntries(wanted), current_password: current_password || undefined }));
    } catch (error) {
      const { code } = /** @type {any} */ (error);
      if (isMe && (code === "fresh_sign_in_needed" || code === "wrong_password")) {
        password.hidden = false;
        throw wrong("current_password", t(code === "wrong_password" ? "admin.wrong_password" : "admin.fresh_sign_in"));
      }
      if (code === "email_taken" || code === "username_taken") throw wrong(code.split("_")[0], /** @type {any} */ (error).message);
      throw error;
    }
    password.hidden = true;
    notice(t("admin.saved"));
  }));
}

/** @param {any} user @param {(user: any) => void} taken */
function rolesForm(user, taken) {
  const choices = h("div", { class: "choices" }, t("app.loading"));
  const offer = async (/** @type {string[]} */ checked) => {
    const roles = await client.rest.all("/roles", {}).catch((error) => (error.status === 403 ? null : Promise.reject(error)));
    const names = new Map((roles ?? checked.map((/** @type {string} */ name) => ({ name, description: "" }))).map((/** @type {any} */ role) => [role.name, role]));
    fill(choices, [...names.values()].map(({ name, description }) => field(name, { name: `role:${name}`, type: "checkbox", checked: checked.includes(name), hint: description })));
    return names;
  };
  offer(user.roles).catch(tellError);
  return part(t("admin.roles"), t("admin.roles_why"), form([choices], t("admin.roles_save"), async (values) => {
    const roles = Object.keys(values).filter((key) => key.startsWith("role:") && values[key]).map((key) => key.slice(5));
    const isMyLast = user.id === client.userId && me()?.roles.includes("admin") && !roles.includes("admin");
    if (isMyLast && !await confirmed(t("admin.roles_mine"), t("admin.roles_mine_yes"))) return;
    try {
      const now = (await client.rest.get(`/users/${user.id}`)).roles;
      const kept = now.filter((/** @type {string} */ role) => roles.includes(role) || !user.roles.includes(role));
      const given = roles.filter((role) => !user.roles.includes(role));
      taken(await client.rest.put(`/users/${user.id}/roles`, { roles: [...new Set([...kept, ...given])] }));
      await offer(user.roles);
    } catch (error) {
      const { status } = /** @type {any} */ (error);
      if (status === 409) throw new Error(t("admin.last_administrator"));
      if (status !== 400) throw error;
      // Somebody has deleted or renamed one meanwhile.
      const names = await offer(roles);
      throw new Error(t("admin.roles_gone", { roles: roles.filter((name) => !names.has(name)).join(", ") }));
    }
    notice(t("admin.saved"));
  }));
}

/** @param {any} user @param {(user: any) => void} taken */
function statusPart(user, taken) {
  const place = h("div", { class: "inline between" });
  const show = () => {
    const isActive = user.status === "active";
    const isMe = user.id === client.userId;
    const change = button(t(isActive ? "admin.suspend" : "admin.activate"), async () => {
      if (isActive && !await confirmed(t("admin.suspend_question", { name: user.name }), t("admin.suspend"))) return;
      await attempt(async () => {
        taken(await client.rest.put(`/users/${user.id}/status`, { status: isActive ? "suspended" : "active" }));
        notice(t(isActive ? "admin.suspended" : "admin.activated", { name: user.name }));
        show();
        place.querySelector("button")?.focus();
      });
    }, { class: isActive ? "danger" : "", disabled: isMe });
    fill(place, h("p", { class: "soft grow" }, t(isMe ? "admin.suspend_me" : isActive ? "admin.suspend_why" : "admin.activate_why")), change);
  };
  show();
  return part(t("admin.status"), null, place);
}

/** @param {string} title @param {string | null} why @param {import("../dom.js").Child} content */
function part(title, why, content) {
  return h("section", { class: "card stack" }, h("h3", null, title), why ? h("p", { class: "soft" }, why) : null, content);
}
