// Why something may not be written, in words.

import { sentence } from "../dialogs.js";
import { t } from "../words.js";
import { MOST, isBlank, lengthOf, sendable } from "./text.js";

/** Why a text cannot be sent; "" where it can, null where there is nothing to send. @param {string} text @param {boolean} hasFiles */
export function refusalOfText(text, hasFiles) {
  const length = lengthOf(sendable(text));
  if (length > MOST) return t("composer.too_long", { count: length - MOST, most: MOST });
  return hasFiles || !isBlank(text) ? "" : null;
}

/** @param {any} error */
export function refusalOf(error) {
  return isFinal(error?.code) ? t(`composer.${error.code}`) : t("composer.not_sent", { message: sentence(error) });
}

/** Whether nothing that is written in this chat will be taken, and there are words for that. @param {string | undefined} code */
export function isFinal(code) {
  return ["blocked", "banned", "forbidden", "not_found"].includes(code ?? "");
}
