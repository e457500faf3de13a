// What can be done with a message.

import { h } from "../dom.js";
import { attempt, confirmed, notice } from "../dialogs.js";
import { pickEmoji } from "../composer/emoji.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { react } from "../messages/reactions.js";

/**
 * An action, as a menu shows it.
 * @typedef {import("../buttons.js").Entry & {name: string, icon: string}} Action
 */

/**
 * Everything that I may do with a message.
 * @param {any} message @param {import("../messages/history.js").History} history @param {() => HTMLElement} anchor where the picker of emoji opens
 * @returns {Action[]}
 */
export function actionsOf(message, history, anchor) {
  if (!message || message.seq === undefined) return [];
  const { pins, source } = history;
  const isMine = message.sender_id === client.userId;
  const isThere = !message.recalled_at && message.kind !== "system";
  const isPinned = pins.ids.has(message.id);
  const path = `/chats/${message.chat_id}/messages/${message.id}`;
  /** @type {[string, string, boolean, () => unknown][]} */
  const all = [
    ["react", "smile", source.isLive && isThere, () => pick(message, anchor())],
    ["reply", "reply", source.isLive && isThere, () => history.tell("reply", message)],
    ["edit", "edit", source.isLive && isThere && isMine, () => history.tell("edit", message)],
    [isPinned ? "unpin" : "pin", "pin", pins.can && isThere, () => attempt(() => (isPinned ? client.rest.delete(`${path}/pin`) : client.rest.put(`${path}/pin`)))],
    ["copy", "copy", !!message.content && !message.recalled_at, () => copy(message.content)],
    ["link", "link", true, () => copy(`${location.origin}${location.pathname}${address(`/chats/${message.chat_id}`, { seq: message.seq })}`)],
    ["recall", "trash", source.isLive && isThere && (isMine || pins.can), () => recall(message)],
  ];
  return all.filter(([, , may]) => may).map(([name, picture, , run]) => ({
    name, icon: picture, label: t(`tools.do_${name}`), isDanger: name === "recall", run: () => void run(),
  }));
}

/** @param {any} message @param {HTMLElement} anchor */
async function pick(message, anchor) {
  const row = /** @type {HTMLElement | null} */ (anchor.closest(".message-row"));
  const emoji = await pickEmoji(anchor);
  row?.focus({ preventScroll: true });
  if (emoji) await react(message, emoji, true);
}

/** @param {any} message */
async function recall(message) {
  if (await confirmed(t("tools.recall_question"), t("tools.do_recall"))) await attempt(() => client.recall(message.chat_id, message.id));
}

/** @param {string} text */
async function copy(text) {
  if (await attempt(() => written(text))) notice(t("tools.copied"));
}

/** @param {string} text */
async function written(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Pages without https have no other way.
  const field = h("textarea", { value: text, class: "visually-hidden" });
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
