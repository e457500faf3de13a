// What can go wrong when somebody signs in or up, in words that say what to do about it.

import { sentence } from "../dialogs.js";
import { t } from "../words.js";

/** What the server refuses of a field, in the language of the page. @type {Record<string, string>} */
const FIELDS = {
  email: "sign_in.bad_email", name: "sign_in.bad_name", username: "sign_in.bad_username", password: "sign_in.bad_password",
  new_password: "sign_in.bad_password",
};

/** What is taken, and the field that says so. @type {Record<string, [string, string]>} */
const TAKEN = { email_taken: ["email", "sign_in.email_taken"], username_taken: ["username", "sign_in.username_taken"] };

/** What can be said by the code alone. @type {Record<string, string>} */
const CODES = {
  wrong_credentials: "sign_in.wrong", suspended: "sign_in.suspended", mail_not_configured: "sign_in.no_mail", not_signed_in: "sign_in.no_cookies",
};

/** An error as a form can show it: beside its fields where it is of one. @param {any} error */
export function asFields(error) {
  const taken = TAKEN[error.code];
  if (taken) return { ...error, code: error.code, message: error.message, errors: [{ field: taken[0], message: t(taken[1]) }] };
  const known = (error.errors ?? []).filter((/** @type {any} */ { field }) => field in FIELDS);
  if (!known.length) return error;
  return { ...error, message: error.message, errors: known.map((/** @type {any} */ { field }) => ({ field, message: t(FIELDS[field]) })) };
}

/** What went wrong, as a sentence. @param {any} error */
export function trouble(error) {
  if (error.code in CODES) return t(CODES[error.code]);
  if (error.status !== 429) return sentence(error);
  const seconds = Math.ceil((error.retryAfterMs ?? 60_000) / 1000);
  return seconds < 100 ? t("sign_in.wait_seconds", { count: seconds }) : t("sign_in.wait_minutes", { count: Math.ceil(seconds / 60) });
}

/**
 * Sends a form; what goes wrong is told beside its fields, or below them.
 * @param {(values: Record<string, any>) => Promise<unknown>} send
 * @returns {(values: Record<string, any>, form: HTMLFormElement) => Promise<void>}
 */
export function sending(send) {
  return async (values, form) => {
    try {
      await send(values);
    } catch (caught) {
      const error = asFields(/** @type {any} */ (caught));
      if (error.errors?.length) throw error;
      const place = form.querySelector(".form-error");
      if (place) place.textContent = trouble(error);
    }
  };
}
