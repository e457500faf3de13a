// Links that let people in.

import { button } from "../buttons.js";
import { attempt, confirmed } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { client } from "../session.js";
import { t, whole } from "../words.js";
import { shownOnce } from "./once.js";
import { Paged, folded } from "./paged.js";

/** For how many seconds; "" for ever. */
const SPANS = ["3600", "86400", "604800", "2592000", ""];
/** How many people; "" for any number. */
const USES = ["1", "5", "25", "100", ""];

/** @param {import("./chat-info.js").ChatInfo} info */
export function invitesSection(info) {
  return folded(t("info.invites"), () => {
    /** @type {Paged<any>} */
    const invites = new Paged({
      path: info.path("/invites"), keyOf: ({ id }) => id, empty: t("info.no_invites"), row: (invite) => row(info, invite, invites),
    });
    // One more has come in, maybe by one of them.
    info.hear(({ type }) => type === "member_joined" && void invites.load());
    void invites.load();
    const made = h("div");
    const options = (/** @type {string[]} */ all, /** @type {string} */ name) => all.map((value) => /** @type {[string, string]} */ ([value, t(`info.${name}_${value || "any"}`)]));
    const making = form([h("div", { class: "info-two" },
      field(t("info.max_uses"), { name: "max_uses", kind: "select", options: options(USES, "uses"), value: "1" }),
      field(t("info.expires_in"), { name: "expires_in", kind: "select", options: options(SPANS, "span"), value: "604800" }))],
    t("info.make_invite"), async (values) => {
      const body = { max_uses: Number(values.max_uses) || undefined, expires_in: Number(values.expires_in) || undefined };
      const { token, ...invite } = await client.rest.post(info.path("/invites"), body);
      fill(made, shownOnce(t("info.invite_link"), `${location.origin}/#/invites/${token}`));
      invites.add(invite);
    });
    return [making, made, invites.element];
  });
}

/** @param {import("./chat-info.js").ChatInfo} info @param {any} invite @param {Paged<any>} invites */
function row(info, { id, uses, max_uses, expires_at }, invites) {
  const used = max_uses === null ? t("info.used", { count: uses }) : t("info.used_of", { count: uses, most: max_uses });
  const until = expires_at ? t("info.until", { at: whole(expires_at) }) : t("info.for_ever");
  const revoke = async () => {
    if (!(await confirmed(t("info.revoke_question"), t("info.revoke")))) return;
    if (await attempt(() => client.rest.delete(info.path(`/invites/${id}`)))) invites.remove(id);
  };
  return [h("span", { class: "grow info-who" }, h("span", null, used), h("small", null, until)), button(t("info.revoke"), () => void revoke())];
}
