// What is completed while one types: the people of the chat after `@`, emoji by their names after `:`.

import { avatarOf } from "../avatar.js";
import { lazy } from "../pages.js";
import { client } from "../session.js";
import { t } from "../words.js";

/** How many are shown. */
const MOST = 8;
/** How long is waited for the next letter before the server is asked. */
const PAUSE_MS = 150;

// A letter of a script without spaces may stand before it, as on the server.
const MENTION = /(?:^|[^\p{L}\p{N}_.@/-]|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}])@([\p{L}\p{N}_.-]{0,32})$/u;
const EMOJI = /(?:^|\s):([\p{L}\p{N}_+-]{2,32})$/u;

/** @param {RegExp} pattern @param {string} before */
function matched(pattern, before) {
  const found = pattern.exec(before);
  return found && { from: before.length - found[1].length - 1, wanted: found[1].toLocaleLowerCase() };
}

/** The people of a chat. @param {string} chatId @returns {import("./completion.js").Source} */
export function people(chatId) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  return {
    label: t("composing.people"),
    match: (before) => matched(MENTION, before),
    find(wanted, found) {
      clearTimeout(later);
      const chat = client.chat(chatId);
      const known = chat?.members ?? [];
      const near = fitting(known, wanted);
      found(near.map(choiceOf));
      if (chat && known.length >= chat.member_count) return;
      later = setTimeout(async () => {
        const query = { limit: 50, ...(wanted ? { search: wanted } : {}) };
        const { items } = await client.rest.get(`/chats/${chatId}/members`, query).catch(() => ({ items: [] }));
        const more = items.filter((/** @type {any} */ { user_id }) => !near.some((each) => each.user_id === user_id));
        found([...near, ...fitting(more, wanted)].slice(0, MOST).map(choiceOf));
      }, PAUSE_MS);
    },
  };
}

/** Those whose name or username has it, those first where a word begins so. @param {any[]} members @param {string} wanted */
function fitting(members, wanted) {
  const [first, second] = /** @type {[any[], any[]]} */ ([[], []]);
  for (const member of members) {
    if (member.user_id === client.userId || !member.username) continue;
    const text = ` ${member.username} ${member.name}`.toLocaleLowerCase();
    if (text.includes(` ${wanted}`)) first.push(member);
    else if (text.includes(wanted)) second.push(member);
    if (first.length >= MOST) break;
  }
  return [...first, ...second].slice(0, MOST);
}

/** @param {any} member @returns {import("./completion.js").Choice} */
function choiceOf(member) {
  return { key: member.user_id, text: `@${member.username}`, picture: avatarOf(member, "small"), label: member.name, hint: `@${member.username}` };
}

/** Emoji by their names. @returns {import("./completion.js").Source} */
export function emojiNames() {
  return {
    label: t("composing.emoji_names"),
    match: (before) => matched(EMOJI, before),
    async find(wanted, found) {
      const loaded = /** @type {any} */ (await lazy.emoji().catch(() => null));
      const items = loaded?.[1].findEmoji(wanted.replace(/_/g, " "), MOST) ?? [];
      found(items.map((/** @type {{emoji: string, name: string}} */ { emoji, name }) => ({ key: emoji, text: emoji, picture: emoji, label: name })));
    },
  };
}
