// Why something may not be written, in words.

import { sentence } from "../dialogs.js";
import { t } from "../words.js";

/** @param {any} error */
export function refusalOf(error) {
  return isFinal(error?.code) ? t(`composer.${error.code}`) : t("composer.not_sent", { message: sentence(error) });
}

/** Whether nothing that is written in this chat will be taken, and there are words for that. @param {string | undefined} code */
export function isFinal(code) {
  return ["blocked", "banned", "forbidden", "not_found"].includes(code ?? "");
}
