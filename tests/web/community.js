// A small community, for pictures and for walks through every page: people, rooms, conversations, events, posts.

import { execFileSync } from "node:child_process";
import * as zlib from "node:zlib";

import { person } from "./harness.js";

const NAMES = ["Alice Lindqvist", "Bob Okafor", "Chen Wei", "Дарья Соколова", "Elif Yılmaz", "Farid Haddad", "Grace Murphy"];

const TALK = [
  [1, "Morning! The new venue is confirmed for the 14th."],
  [2, "太好了！我来准备投影仪。"],
  [0, "Great. I have put the event up, there are forty places."],
  [3, "Я принесу чай и печенье."],
  [0, "Who speaks first? @chen, you had something about search, I think."],
  [2, "Yes, twenty minutes with questions. `GIN` indexes and languages without spaces."],
  [4, "I can take pictures again, the ones from last time are below."],
  [5, "شكرا! سأكون هناك قبل الموعد بساعة."],
  [6, "Two of us come by train. Does somebody know when the doors open?"],
  [1, "At half past six. The code for the gate is in the pinned message."],
];

/** Fills a server; answers who is in it, Alice first, and what was made. */
export async function community(base, { admin } = {}) {
  const people = [];
  for (const name of NAMES) people.push(await person(base, name));
  const [alice, bob, chen, darja, elif] = people;
  for (const [at, username] of [[0, "alice"], [1, "bob"], [2, "chen"], [3, "darja"]]) {
    await people[at].rest.patch("/users/me", { username });
  }
  await alice.rest.patch("/users/me", { bio: "Runs the reading group and the Thursday meet-ups." });
  const room = await alice.rest.post("/chats", { title: "Thursday meet-up", description: "Talks, tea and databases." });
  for (const one of people.slice(1)) await one.rest.post(`/chats/${room.id}/join`);
  const messages = [];
  for (const [at, content] of TALK) messages.push(await people[at].rest.post(`/chats/${room.id}/messages`, { content }));
  const picture = await elif.upload(new Blob([png(640, 400)], { type: "image/png" }), "venue.png");
  messages.push(await elif.rest.post(`/chats/${room.id}/messages`, { content: "The hall from above.", attachments: [picture.id] }));
  for (const [who, at, emoji] of [[0, 0, "🎉"], [2, 0, "🎉"], [3, 0, "👍"], [1, 5, "👀"], [6, 3, "☕"]]) {
    await people[who].react(room.id, messages[at].id, emoji);
  }
  await bob.rest.post(`/chats/${room.id}/messages`, { content: "Looks good from here.", reply_to: messages.at(-1).id });
  await alice.rest.put(`/chats/${room.id}/messages/${messages[9].id}/pin`);
  for (const title of ["Reading group", "Help with Trunkline", "Bicycles", "Recipes for many"]) {
    const other = await bob.rest.post("/chats", { title, description: `Everything about: ${title.toLowerCase()}.` });
    if (title !== "Bicycles") await alice.rest.post(`/chats/${other.id}/join`);
    await bob.rest.post(`/chats/${other.id}/messages`, { content: `Welcome to “${title}”.` });
  }
  const direct = await chen.rest.post("/chats/direct", { user_id: alice.userId });
  await chen.rest.post(`/chats/${direct.id}/messages`, { content: "Could you look at my slides before Thursday?" });
  await bob.rest.post("/friends", { user_id: alice.userId });
  await alice.rest.post("/friends", { user_id: darja.userId });
  await darja.rest.post("/friends", { user_id: alice.userId });
  const event = await alice.rest.post("/events", {
    name: "Thursday meet-up: search without spaces", event_time: inDays(9, 18), timezone: "Europe/Berlin", duration_hours: 2, duration_minutes: 30,
    description: "Three talks, then tea.\nBring a friend.", max_tickets: 40, with_chat: true,
  });
  await alice.rest.post("/events", { name: "Bicycle tour along the river", event_time: inDays(16, 9), timezone: "Europe/Berlin", duration_hours: 5, max_tickets: 2 });
  for (const one of [bob, chen, darja]) await one.rest.post(`/events/${event.id}/tickets`, { quantity: 2 });
  const ticket = await alice.rest.post(`/events/${event.id}/tickets`, { quantity: 1 });
  await bob.rest.post(`/events/${event.id}/comments`, { content: "Is there a place for bicycles?" });
  const post = await darja.rest.post("/posts", { title: "What we learned from ten meet-ups", content: "Start on time.\n\nLeave room for questions, and for tea.\n\nThe slides are at https://example.com/slides." });
  await chen.rest.post("/posts", { title: "Indexes for languages without spaces", content: "Chinese is written without spaces between words. So an index by words finds little." });
  await alice.rest.post(`/posts/${post.id}/comments`, { content: "The second point is the most important one." });
  if (admin) await admin.rest.post("/notifications", { recipient_id: alice.userId, message: "The server moves on Sunday at six; it will be away for a minute." });
  return { people, alice, bob, chen, room, direct, event, ticket, post, messages };
}

/** So many messages at once in a chat, by SQL; the newest is `message <count>`. */
export function fillChat(postgres, chatId, senderIds, count) {
  const ids = senderIds.map((id) => `'${id}'`).join(", ");
  const text = "'message ' || n || repeat(' and a few words more', (n % 5)::int)";
  const statement = `insert into messages (chat_id, sender_id, content)
    select '${chatId}', (array[${ids}]::uuid[])[1 + n % ${senderIds.length}], ${text} from generate_series(1, ${count}) n`;
  execFileSync(`${postgres.bin}/psql`, [postgres.url, "-qv", "ON_ERROR_STOP=1", "-c", statement], { stdio: "pipe" });
}

/** A moment so many days from now, at an hour. */
export function inDays(days, hour) {
  const at = new Date(Date.now() + days * 86_400_000);
  at.setUTCHours(hour, 0, 0, 0);
  return at.toISOString();
}

/** A picture: bands of colour. */
export function png(width, height) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      const hill = Math.sin(x / 90) * 30 + Math.sin(x / 37 + 2) * 12;
      const isSky = y < height * 0.55 + hill;
      rows.set(isSky ? [150 + y / 6, 190 + y / 8, 225] : [70 + y / 9, 120 + x / 20, 90], at);
    }
  }
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", zlib.deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

/** `zlib.crc32` is younger than Node 20. */
function crc(bytes) {
  if (zlib.crc32) return zlib.crc32(bytes);
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
