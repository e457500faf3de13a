// Who has read up to a message, as small pictures at its end.

import { avatarOf } from "../avatar.js";
import { h } from "../dom.js";
import { client } from "../session.js";
import { number, t } from "../words.js";

/** In larger groups it would be noise. */
const SMALL = 10;
/** How many pictures are shown. */
const SHOWN = 3;

/**
 * Who has read up to which message.
 * @param {import("./source.js").State} state
 * @returns {Map<string, any[]>} members by the id of a message
 */
export function marksOf({ messages, members, hasNewer }) {
  const marks = new Map();
  if (members.length > SMALL) return marks;
  const logged = messages.filter(({ seq }) => seq !== undefined);
  for (const member of members) {
    if (member.user_id === client.userId) continue;
    const at = logged.findLastIndex(({ seq }) => seq <= member.last_read_seq);
    // They are further down, or further up, than what is held.
    if (at < 0 || (hasNewer && at === logged.length - 1)) continue;
    const { id } = logged[at];
    marks.set(id, [...(marks.get(id) ?? []), member]);
  }
  return marks;
}

/** @param {any[]} readers */
export function readersOf(readers) {
  const words = t("messages.read_by", { names: readers.map(({ name }) => name).join(", ") });
  const more = readers.length - SHOWN;
  return h("div", { class: "readers", role: "img", "aria-label": words, title: words },
    readers.slice(0, SHOWN).map((reader) => avatarOf(reader)), more > 0 ? h("span", null, `+${number(more)}`) : null);
}
