// Whether a chat is muted for me.

import { button, openMenu } from "../buttons.js";
import { learnMute, mute, muteOf, mutes, unmute } from "../chats/mutes.js";
import { attempt } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { t, whole } from "../words.js";

/** @param {import("./chat-info.js").ChatInfo} info */
export function muteSection(info) {
  const text = h("span", { class: "grow", role: "status" });
  const act = button("", () => (muteOf(info.chat) ? void attempt(() => unmute(info.chatId)) : choose()));
  const choose = () => openMenu(act, [1, 8, null].map((hours) => ({
    label: t(`chats.mute_${hours ?? "ever"}`), icon: "mute", run: () => void attempt(() => mute(info.chatId, hours)),
  })));
  const draw = () => {
    const muted = muteOf(info.chat);
    text.textContent = !muted ? t("info.not_muted") : muted.until ? t("info.muted_until", { at: whole(muted.until) }) : t("info.muted");
    fill(act, t(muted ? "chats.unmute" : "info.mute"));
  };
  info.listen(mutes, "mutes", ({ detail }) => detail.chat_id === info.chatId && draw());
  draw();
  void attempt(() => learnMute(info.chatId));
  return h("section", { class: "info-section inline" }, text, act);
}
