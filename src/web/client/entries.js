// What each entry of a log changes. An entry may be applied again, and to what holds later ones already: once all of them up
// to the end have been applied in order, the outcome is the same.

/**
 * Some messages of a chat: all between two places of its log.
 * @typedef {object} Window
 * @property {any[]} messages by seq
 * @property {number} from nothing before this seq is held; 0 where it reaches the beginning
 * @property {number} to nothing behind this seq is held; Infinity where it reaches the end
 */

/**
 * What is listed of a chat, and as of which entry.
 * @typedef {object} Listed
 * @property {any} row as `GET /chats` lists it
 * @property {number} at the row holds every entry up to here
 * @property {Map<string, {seq: number, mentions: boolean}>} counted the unread messages that were counted since
 */

/** As many reactions of one kind name their people; of the others only the number is told. */
const NAMED = 100;
/** Counts end here: it means so many or more. */
const MOST = 1000;

/**
 * Applies an entry to messages.
 * @param {Window} window
 * @param {any} entry
 * @returns {string | null} the id of a message that has to be fetched, `*` for all of them, null where all is known
 */
export function applyToMessages(window, entry) {
  const { messages } = window;
  switch (entry.type) {
    case "new_message":
      put(window, entry.message);
      return null;
    case "message_edited":
    case "message_recalled": {
      const at = messages.findIndex(({ id }) => id === entry.message.id);
      if (at >= 0) messages[at] = entry.message;
      return null;
    }
    case "reaction_added":
    case "reaction_removed": {
      const at = messages.findIndex(({ id }) => id === entry.message_id);
      // What is recalled by now has lost its reactions, whatever was told of them before.
      if (at < 0 || messages[at].recalled_at) return null;
      const { reactions, isSure } = react(messages[at].reactions, entry);
      messages[at] = { ...messages[at], reactions };
      return isSure ? null : entry.message_id;
    }
    case "messages_cleared":
    case "sender_cleared": {
      let any = false;
      messages.forEach((message, at) => {
        if (message.seq > entry.up_to_seq || message.recalled_at) return;
        if (entry.type === "sender_cleared" && message.sender_id !== entry.user_id) return;
        const gone = { content: null, attachments: [], mentions: [], reactions: [], recalled_at: entry.created_at };
        messages[at] = { ...message, ...gone };
        any = true;
      });
      return any ? "*" : null;
    }
    default:
      return null;
  }
}

/** @param {Window} window @param {any} message */
function put({ messages, from, to }, message) {
  if (message.seq < from || message.seq > to) return;
  let at = messages.length;
  while (at > 0 && messages[at - 1].seq >= message.seq) at -= 1;
  messages.splice(at, messages[at]?.seq === message.seq ? 1 : 0, message);
}

/**
 * @param {{emoji: string, count: number, user_ids: string[]}[]} reactions
 * @param {{type: string, emoji: string, actor_id: string}} entry
 */
function react(reactions, { type, emoji, actor_id }) {
  const before = reactions.find((each) => each.emoji === emoji);
  const users = before?.user_ids ?? [];
  const had = users.includes(actor_id);
  const others = users.filter((id) => id !== actor_id);
  // Who is not among the first hundred may be among the others.
  let isSure = !before || before.count < NAMED;
  let all;
  if (type === "reaction_added") {
    // Who reacts anew is the last one, here and in the order of the kinds.
    if (had && users[0] === actor_id && reactions.length > 1) isSure = false;
    const after = { emoji, count: (before?.count ?? 0) + (had ? 0 : 1), user_ids: [...others, actor_id] };
    const rest = others.length ? null : reactions.filter((each) => each !== before);
    all = rest ? [...rest, after] : reactions.map((each) => (each === before ? after : each));
  } else {
    // The kinds stand in the order in which the first of those who are left reacted.
    if (had && users[0] === actor_id && others.length && reactions.length > 1) isSure = false;
    const after = { emoji, count: (before?.count ?? 0) - (had ? 1 : 0), user_ids: others };
    all = reactions.map((each) => (each === before ? after : each)).filter(({ count }) => count > 0);
  }
  return { reactions: all, isSure };
}

/**
 * Applies an entry to who is in a chat.
 * @param {Map<string, any>} members by id
 * @param {any} entry
 */
export function applyToMembers(members, entry) {
  if (entry.type === "member_left") members.delete(entry.user_id);
  if (entry.type !== "member_joined" && entry.type !== "member_changed") return;
  const { member } = entry;
  const last_read_seq = Math.max(member.last_read_seq, members.get(member.user_id)?.last_read_seq ?? 0);
  members.set(member.user_id, { ...member, last_read_seq });
}

/**
 * Applies an entry to what is listed of a chat.
 * @param {Listed} listed
 * @param {any} entry
 * @param {string} me
 * @returns {boolean} whether all is known; where not, the list has to be fetched
 */
export function applyToListed(listed, entry, me) {
  if (entry.seq <= listed.at) return true;
  const row = (listed.row = { ...listed.row, last_seq: entry.seq });
  let isKnown = true;
  if (entry.type === "new_message") {
    row.last_message = entry.message;
  } else if (row.last_message) {
    const last = { messages: [row.last_message], from: 0, to: Infinity };
    isKnown = applyToMessages(last, entry) === null;
    row.last_message = last.messages[0];
  }
  switch (entry.type) {
    case "new_message":
      count(listed, entry.message, me);
      break;
    case "message_edited":
    case "message_recalled":
      isKnown = recount(listed, entry.message, me) && isKnown;
      break;
    case "messages_cleared":
      row.unread_count = row.mention_count = 0;
      listed.counted.clear();
      break;
    case "sender_cleared":
      if (row.unread_count > 0 || row.mention_count > 0) isKnown = false;
      break;
    case "member_joined":
      row.member_count += 1;
      break;
    case "member_left":
      row.member_count -= 1;
      break;
    case "chat_updated": {
      const { id, member_count, last_seq, peer, ...changed } = entry.chat;
      delete row.retention_days;
      Object.assign(row, changed);
      break;
    }
  }
  return isKnown;
}

/** @param {any} message @param {string} me */
const isForMe = (message, me) => message.sender_id !== null && message.sender_id !== me && message.kind !== "system";

/** @param {Listed} listed @param {any} message @param {string} me */
function count({ row, counted }, message, me) {
  if (!isForMe(message, me) || message.recalled_at || message.seq <= row.last_read_seq) return;
  const mentions = message.mentions.includes(me);
  counted.set(message.id, { seq: message.seq, mentions });
  row.unread_count = Math.min(MOST, row.unread_count + 1);
  if (mentions) row.mention_count = Math.min(MOST, row.mention_count + 1);
}

/** @param {Listed} listed @param {any} message @param {string} me */
function recount({ row, counted, at }, message, me) {
  if (!isForMe(message, me) || message.seq <= row.last_read_seq) return true;
  const before = counted.get(message.id);
  // What came since and was not counted was told when it had been recalled already. Of what came before, it is not known
  // whom it mentioned.
  if (!before) return message.seq > at;
  if (row.unread_count >= MOST) return false;
  const mentions = !message.recalled_at && message.mentions.includes(me);
  row.mention_count += Number(mentions) - Number(before.mentions);
  if (message.recalled_at) {
    row.unread_count -= 1;
    counted.delete(message.id);
  } else {
    counted.set(message.id, { seq: message.seq, mentions });
  }
  return true;
}

/**
 * I have read up to here.
 * @param {Listed} listed
 * @param {number} seq
 * @returns {boolean} whether all is known
 */
export function applyMyRead(listed, seq) {
  if (seq <= listed.row.last_read_seq) return true;
  const row = (listed.row = { ...listed.row, last_read_seq: seq });
  const { counted } = listed;
  const areAll = counted.size === row.unread_count;
  for (const [id, each] of counted) if (each.seq <= seq) counted.delete(id);
  if (seq < row.last_seq && !areAll) return false;
  row.unread_count = counted.size;
  row.mention_count = [...counted.values()].filter((each) => each.mentions).length;
  return true;
}
