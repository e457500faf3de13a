// The direct chat with somebody.

import { go } from "./router.js";
import { client } from "./session.js";

/** Opens it; makes it where there is none. @param {string} userId */
export async function openDirectChat(userId) {
  const { id } = await client.rest.post("/chats/direct", { user_id: userId });
  go(`/chats/${id}`);
}
