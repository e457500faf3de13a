// Who is in a chat, and what may be done with each of them.

import { openDirectChat } from "../direct.js";
import { avatarOf } from "../avatar.js";
import { button, iconButton, openMenu } from "../buttons.js";
import { attempt, confirmed } from "../dialogs.js";
import { h } from "../dom.js";
import { address, go } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { addPeople } from "./add-people.js";
import { Paged } from "./paged.js";

/** How long is waited for the next letter. */
const PAUSE_MS = 200;

/** @param {import("./chat-info.js").ChatInfo} info */
export function membersSection(info) {
  const title = h("h3", { class: "grow" }, t("info.members", { count: info.chat.member_count }));
  const search = h("input", { type: "search", "aria-label": t("info.find_member"), placeholder: t("info.find_member"), autocomplete: "off" });
  /** @type {Paged<any>} */
  const members = new Paged({
    path: info.path("/members"),
    query: () => ({ sort: "role", search: search.value.trim() || undefined }),
    keyOf: ({ user_id }) => user_id,
    row: (member) => row(info, member),
    empty: t("info.no_member"),
  });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  search.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => members.load(), PAUSE_MS);
  });
  const count = (/** @type {number} */ more) => {
    info.chat.member_count += more;
    title.textContent = t("info.members", { count: info.chat.member_count });
  };
  info.hear(({ type, member, user_id }) => {
    if (type === "member_left") {
      count(-1);
      members.remove(user_id);
    } else if (type === "member_joined") {
      count(1);
      // Who stands on a page that is not here yet comes with it.
      if (members.isWhole && !search.value.trim()) members.put(member);
    } else if (type === "member_changed" && members.items.some((each) => each.user_id === member.user_id)) members.put(member);
  });
  void members.load();
  const add = info.mayManage ? button(t("info.add_people"), () => void addPeople(info)) : null;
  return h("section", { class: "info-section stack" }, h("div", { class: "inline" }, title, add), info.chat.member_count > 8 ? search : null, members.element);
}

/** @param {import("./chat-info.js").ChatInfo} info @param {any} member */
function row(info, member) {
  const isMe = member.user_id === client.userId;
  const name = isMe ? t("info.me", { name: member.name }) : member.name;
  const more = iconButton("more", t("info.menu_of", { name: member.name }), () => openMenu(more, entries(info, member)), { "aria-haspopup": "menu" });
  return [
    avatarOf(member),
    h("span", { class: "grow info-who" }, h("a", { href: address(`/people/${member.user_id}`), dir: "auto" }, name), h("small", null, `@${member.username}`)),
    member.role === "member" ? null : h("span", { class: "chip" }, t(`info.role_${member.role}`)),
    isMe ? null : more,
  ];
}

/** @param {import("./chat-info.js").ChatInfo} info @param {any} member @returns {import("../buttons.js").Entry[]} */
function entries(info, member) {
  const { user_id, name } = member;
  const path = info.path(`/members/${user_id}`);
  const giving = (/** @type {string} */ role) => client.rest.patch(path, { role });
  /** Asks first. @param {string} what @param {() => Promise<unknown>} work @param {boolean} [isDanger] */
  const asking = (what, work, isDanger = true) => async () => {
    if (await confirmed(t(`info.${what}_question`, { name }), t(`info.${what}`), isDanger)) await attempt(work);
  };
  const write = () => attempt(() => openDirectChat(user_id));
  /** @type {import("../buttons.js").Entry[]} */
  const all = [
    { label: t("info.write"), icon: "chats", run: () => void write() },
    { label: t("info.profile"), icon: "account", run: () => go(`/people/${user_id}`) },
  ];
  if (info.role === "creator") {
    if (member.role === "member") all.push({ label: t("info.promote"), icon: "up", run: () => void attempt(() => giving("admin")) });
    if (member.role === "admin") all.push({ label: t("info.demote"), icon: "down", run: () => void attempt(() => giving("member")) });
    all.push({ label: t("info.hand_over"), icon: "key", run: asking("hand_over", () => giving("creator")) });
  }
  if (info.role === "creator" || (info.role === "admin" && member.role === "member")) {
    all.push({ label: t("info.remove"), icon: "leave", isDanger: true, run: asking("remove", () => client.rest.delete(path)) });
    all.push({ label: t("info.ban"), icon: "block", isDanger: true, run: asking("ban", () => client.rest.put(info.path(`/bans/${user_id}`))) });
  }
  return all;
}
