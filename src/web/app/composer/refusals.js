// Why something may not be written, in words.

import { sentence } from "../dialogs.js";
import { client } from "../session.js";
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

/** What the server said of a message that was sent a moment ago, if it refused one. @param {string} chatId @param {Set<string>} sent their `client_id`s, until they are settled */
export function refusedOf(chatId, sent) {
  const chat = sent.size ? client.chat(chatId) : null;
  // What is not sent yet stands at the end alone.
  if (!chat || chat.hasNewer) return null;
  let error = null;
  for (const id of sent) {
    const found = chat.messages.findLast((/** @type {any} */ { client_id }) => client_id === id);
    if (found?.state && found.state !== "failed" && found.state !== "sent") continue;
    sent.delete(id);
    if (found?.state === "failed") ({ error } = found);
  }
  return error;
}
