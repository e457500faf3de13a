// The feature `chat-menu`: what can be done with a chat of the list.

import { openMenu } from "../buttons.js";
import { attempt, openDialog } from "../dialogs.js";
import { h } from "../dom.js";
import { lazy } from "../pages.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { mute, muteOf, unmute } from "../chats/mutes.js";
import { leaveChat } from "../chats/leave.js";

/** Opens the menu of a chat. @param {string} chatId @param {HTMLElement} anchor */
export function openChatMenu(chatId, anchor) {
  const chat = client.chat(chatId);
  if (!chat) return;
  const run = (/** @type {() => Promise<unknown>} */ work) => () => void attempt(work);
  const read = { label: t("chats.mark_read"), icon: "check", run: () => void client.read(chatId, chat.last_seq) };
  const quiet = muteOf(chat)
    ? [{ label: t("chats.unmute"), icon: "bell", run: run(() => unmute(chatId)) }]
    : [1, 8, null].map((hours) => ({ label: t(`chats.mute_${hours ?? "ever"}`), icon: "mute", run: run(() => mute(chatId, hours)) }));
  const info = { label: t("chats.info"), icon: "info", run: () => void openInfo(chatId) };
  const out = { label: t("chats.leave"), icon: "leave", isDanger: true, run: () => void leaveChat(chat) };
  openMenu(anchor, [...(chat.unread_count ? [read] : []), ...quiet, info, ...(chat.kind === "direct" ? [] : [out])]);
}

/** @param {string} chatId */
async function openInfo(chatId) {
  if (!(await attempt(lazy.chatInfo))) return;
  openDialog(t("chats.info"), (dialog) => h("tl-chat-info", { params: { chat_id: chatId }, onclose: () => dialog.close("") }), "chat-info-dialog");
}
