// What I have said last in a chat.

import { client } from "../session.js";

/** @param {any} message */
const canEdit = (message) => message.sender_id === client.userId && message.content && !message.recalled_at && !message.state;

/** My last message that can be edited; null where there is none. @param {string} chatId @returns {Promise<any>} */
export async function lastOfMine(chatId) {
  const chat = client.chat(chatId);
  const here = chat && !chat.hasNewer ? chat.messages.findLast(canEdit) : null;
  if (here) return here;
  // What is shown may lie far from the end, or I have said it long ago.
  const { items } = await client.rest.get(`/chats/${chatId}/messages`, { sender_id: client.userId, limit: 5 });
  return items.find(canEdit) ?? null;
}
