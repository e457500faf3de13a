// The second line of a chat in the list: who types, what is begun, or what was said last.

import { beginning } from "../composer/text.js";
import { draftOf } from "../composer/drafts.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { nameOf } from "./names.js";

/** @typedef {{kind: "typing" | "draft" | "said" | "soft", who: string, text: string}} Preview */

/** @param {any} chat @param {boolean} isCurrent what is begun there can be seen beside the list @returns {Preview} */
export function previewOf(chat, isCurrent) {
  const typing = chat.typing?.filter((/** @type {string} */ id) => id !== client.userId) ?? [];
  if (typing.length) return { kind: "typing", who: "", text: typingText(chat, typing) };
  const draft = isCurrent ? null : draftOf(chat.id);
  if (draft) return { kind: "draft", who: t("chats.draft"), text: beginning(draft.text) || t("chats.files", { count: draft.files }) };
  const message = chat.last_message;
  if (!message) return { kind: "soft", who: "", text: chat.kind === "direct" ? t("chats.say_hello") : t("chats.nothing_said") };
  return { kind: message.recalled_at || message.kind === "system" ? "soft" : "said", who: senderOf(chat, message), text: textOf(message) };
}

/** @param {any} chat @param {string[]} typing */
function typingText(chat, typing) {
  if (chat.kind === "direct") return t("chats.typing");
  const name = typing.length === 1 ? nameOf(typing[0]) : null;
  return name ? t("chats.types", { name }) : t("chats.type", { count: typing.length });
}

/** @param {any} chat @param {any} message */
function senderOf(chat, message) {
  if (message.kind === "system" || !message.sender_id) return "";
  if (message.sender_id === client.userId) return t("chats.you");
  return chat.kind === "direct" ? "" : (nameOf(message.sender_id) ?? "");
}

/** What a message says, in a line. @param {any} message */
function textOf(message) {
  if (message.recalled_at) return t("chats.recalled");
  if (message.content) return beginning(message.content);
  const files = message.attachments ?? [];
  if (files.length > 1) return t("chats.files", { count: files.length });
  const [kind] = (files[0]?.content_type ?? "").split("/");
  return { image: t("chats.picture"), video: t("chats.film"), audio: t("chats.sound") }[/** @type {string} */ (kind)] ?? files[0]?.name ?? "";
}
