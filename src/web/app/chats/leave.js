// Leaving a chat.

import { attempt, confirmed, notice } from "../dialogs.js";
import { go, here } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { titleOf } from "./order.js";

/** Asks, and leaves a chat. Answers whether it was left. @param {any} chat */
export async function leaveChat(chat) {
  const title = titleOf(chat) ?? "";
  const isLast = chat.member_count === 1;
  if (!isLast && chat.owner_id === client.userId) {
    notice(t("chats.hand_over_first"));
    return false;
  }
  const question = isLast ? "chats.leave_last_question" : chat.visibility === "public" ? "chats.leave_question" : "chats.leave_private_question";
  if (!(await confirmed(t(question, { title }), t("chats.leave")))) return false;
  const isLeft = await attempt(() => client.rest.post(`/chats/${chat.id}/leave`));
  if (isLeft && here().path === `/chats/${chat.id}`) go("/", {}, true);
  return isLeft;
}
