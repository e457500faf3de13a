// What the server refuses, beside the field that it is about.

import { t } from "../words.js";

/** The field that a code is about, and the words for it. @type {Record<string, [string, string]>} */
const FIELDS = {
  wrong_password: ["current_password", "account.wrong_password"],
  username_taken: ["username", "account.username_taken"],
  email_taken: ["email", "account.email_taken"],
};

/** The same error, with the field that it is about. @param {any} error */
export function atField(error) {
  const [field, words] = FIELDS[error.code] ?? [];
  return field && words ? { code: error.code, message: error.message, errors: [{ field, message: t(words) }] } : error;
}

/** Does something that a form wants; what is refused is told beside its field. @template T @param {Promise<T>} work @returns {Promise<T>} */
export async function inForm(work) {
  try {
    return await work;
  } catch (error) {
    throw atField(error);
  }
}
