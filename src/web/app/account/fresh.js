// What only somebody may do who has just shown that it is them: the server says so, and then the password is asked for.

import { openDialog } from "../dialogs.js";
import { h } from "../dom.js";
import { field, form } from "../forms.js";
import { t } from "../words.js";
import { atField } from "./troubles.js";

/**
 * Does something, and where the server wants to know first who it is, does it again with the password.
 * @template T
 * @param {(current_password: string | undefined) => Promise<T>} send
 * @returns {Promise<T>}
 */
export async function freshly(send) {
  try {
    return await send(undefined);
  } catch (error) {
    if (/** @type {any} */ (error).code !== "fresh_sign_in_needed") throw error;
  }
  return askedFor(t("account.password_needed"), t("account.go_on"), send);
}

/**
 * Asks for the password in a dialog, and does something with it. A wrong one can be mended there.
 * @template T
 * @param {string} why @param {string} action @param {(current_password: string) => Promise<T>} send
 * @returns {Promise<T>}
 */
async function askedFor(why, action, send) {
  /** @type {{result?: T, error?: unknown}} */
  let outcome = { error: new DOMException("the password was not given", "AbortError") };
  const password = passwordField(t("account.current_password"), "current_password", "current-password", { autofocus: true });
  await openDialog(t("account.is_it_you"), (dialog) => form([h("p", null, why), password], action, async ({ current_password }) => {
    try {
      outcome = { result: await send(current_password) };
    } catch (error) {
      if (/** @type {any} */ (error).code === "wrong_password") throw atField(error);
      outcome = { error };
    }
    dialog.close("yes");
  }));
  if (outcome.error) throw outcome.error;
  return /** @type {T} */ (outcome.result);
}

/** A field for a password. @param {string} label @param {string} name @param {string} autocomplete @param {Record<string, any>} [more] */
export function passwordField(label, name, autocomplete, more = {}) {
  return field(label, { name, type: "password", autocomplete, required: true, ...more });
}
