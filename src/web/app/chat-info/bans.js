// Who is kept out of a chat.

import { avatarOf } from "../avatar.js";
import { button } from "../buttons.js";
import { attempt, confirmed } from "../dialogs.js";
import { h } from "../dom.js";
import { client } from "../session.js";
import { t, whole } from "../words.js";
import { Paged, folded } from "./paged.js";

/** @param {import("./chat-info.js").ChatInfo} info */
export function bansSection(info) {
  return folded(t("info.bans"), () => {
    /** @type {Paged<any>} */
    const bans = new Paged({
      path: info.path("/bans"), keyOf: ({ user }) => user.id, empty: t("info.no_bans"),
      row: ({ user, since }) => [
        avatarOf(user),
        h("span", { class: "grow info-who" }, h("span", { dir: "auto" }, user.name), h("small", null, t("info.since", { at: whole(since) }))),
        button(t("info.lift"), async () => {
          if (!(await confirmed(t("info.lift_question", { name: user.name }), t("info.lift"), false))) return;
          if (await attempt(() => client.rest.delete(info.path(`/bans/${user.id}`)))) bans.remove(user.id);
        }),
      ],
    });
    // Whoever has gone may have been banned.
    info.hear(({ type }) => type === "member_left" && void bans.load());
    void bans.load();
    return bans.element;
  });
}
