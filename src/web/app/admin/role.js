// One role: made, changed or deleted.

import { h } from "../dom.js";
import { button } from "../buttons.js";
import { attempt, confirmed, notice, openDialog } from "../dialogs.js";
import { field, form } from "../forms.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { once, wrong } from "./parts.js";
import { permissionsOf } from "./permissions.js";
import { may } from "./rights.js";

/** Those that came with the server. */
const SHIPPED = ["admin", "user"];

/** Whether a role came with the server, and stays. @param {string} name */
export function isShipped(name) {
  return SHIPPED.includes(name);
}

/** Opens a role; null for a new one. @param {any} role @param {() => void} changed */
export function openRole(role, changed) {
  return openDialog(role ? t("admin.role_one", { name: role.name }) : t("admin.role_new"), (dialog) => {
    const isFixed = role && isShipped(role.name);
    const permissions = permissionsOf(role?.permissions ?? [], role?.name === "admin");
    const post = once("/roles");
    // What the server has, as far as it is known; null when it has none.
    let there = role;
    const mayChange = may(role ? "PATCH:/api/v1/roles/{name}" : "POST:/api/v1/roles");
    const remove = role && !isFixed && may("DELETE:/api/v1/roles/{name}") ? button(t("app.delete"), async () => {
      if (!await confirmed(t("admin.role_delete", { name: there?.name ?? role.name }), t("app.delete"))) return;
      const isDone = await attempt(() => client.rest.delete(`/roles/${encodeURIComponent(there?.name ?? role.name)}`).catch(passIfGone));
      if (!isDone) return;
      dialog.close("");
      notice(t("admin.role_deleted", { name: role.name }));
      changed();
    }, { class: "danger" }) : null;
    const element = form([
      h("div", { class: "pair" },
        field(t("admin.role_name"), { name: "name", value: role?.name, maxlength: 64, required: true, disabled: isFixed, autocapitalize: "none", spellcheck: "false", hint: t(isFixed ? "admin.role_name_stays" : "admin.role_name_hint") }),
        field(t("admin.description"), { name: "description", value: role?.description, maxlength: 1000 })),
      permissions,
    ], t(role ? "app.save" : "admin.role_make"), async ({ name = role?.name, description }) => {
      try {
        if (there) await change(there, { name, description, permissions: permissions.chosen() }, permissions.permitted);
        else await post({ name, description, permissions: permissions.chosen() });
      } catch (error) {
        const { status, message } = /** @type {any} */ (error);
        if (status === 409 && /name/.test(message)) throw wrong("name", message);
        if (status !== 404 || !there) throw error;
        there = null;
        changed();
        throw new Error(t("admin.role_gone"));
      }
      dialog.close("");
      notice(t("admin.saved"));
      changed();
    }, remove);
    if (!mayChange) for (const input of element.querySelectorAll("input, button")) /** @type {HTMLInputElement} */ (input).disabled = true;
    return element;
  }, "wide");
}

/**
 * Sends what is another than it was. What others have permitted or forbidden meanwhile stays.
 * @param {any} role @param {{name: string, description: string, permissions: string[]}} now @param {string[]} before
 */
async function change(role, now, before) {
  /** @type {Record<string, any>} */
  const body = {};
  if (now.name !== role.name) body.name = now.name;
  if (now.description !== role.description) body.description = now.description;
  const added = now.permissions.filter((one) => !before.includes(one));
  const taken = before.filter((one) => !now.permissions.includes(one));
  if (added.length || taken.length) {
    const { permissions } = await client.rest.get(`/roles/${encodeURIComponent(role.name)}`);
    body.permissions = [...new Set([...permissions, ...added])].filter((one) => !taken.includes(one));
  }
  await client.rest.patch(`/roles/${encodeURIComponent(role.name)}`, body);
}

/** Somebody else was faster: it is deleted, as it should be. @param {any} error */
function passIfGone(error) {
  if (error.status !== 404) throw error;
}
