// Adding people to a chat.

import { attempt, notice, openDialog, sentence } from "../dialogs.js";
import { h } from "../dom.js";
import { lazy } from "../pages.js";
import { client } from "../session.js";
import { t } from "../words.js";

/** What the server says of who cannot be added. @type {Record<string, string>} */
const REFUSED = { blocked: "info.add_blocked", banned: "info.add_banned" };

/** @param {import("./chat-info.js").ChatInfo} info */
export async function addPeople(info) {
  if (!(await attempt(lazy.newChat))) return;
  openDialog(t("info.add_people"), () => {
    const search = h("tl-people-search", { action: t("info.add"), onchoose: async (/** @type {CustomEvent} */ { detail }) => {
      try {
        await client.rest.post(info.path("/members"), { user_id: detail.id });
        notice(t("info.added", { name: detail.name }));
        search.leaveOut(detail.id);
        search.input.focus();
      } catch (error) {
        const words = REFUSED[/** @type {any} */ (error).code];
        notice(words ? t(words, { name: detail.name }) : sentence(error), "error");
      }
    } });
    search.without = new Set(client.chat(info.chatId)?.members?.map((/** @type {any} */ { user_id }) => user_id));
    return search;
  });
}
