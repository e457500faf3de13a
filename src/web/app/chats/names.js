// The names of people who are seen without their chat being open.

import { client } from "../session.js";

/** Told `names` when there are more. */
export const names = new EventTarget();

/** Names by id; null while they are asked for, and of those who are gone. @type {Map<string, string | null>} */
const known = new Map();
/** @type {Set<string>} */
let wanted = new Set();

/** The name of somebody, or null where it is not known. It is asked for then, and told of. @param {string} userId */
export function nameOf(userId) {
  const name = client.person(userId)?.name ?? known.get(userId);
  if (name !== undefined) return name;
  known.set(userId, null);
  wanted.add(userId);
  // One request for all that are seen at once.
  if (wanted.size === 1) setTimeout(ask);
  return null;
}

async function ask() {
  const ids = [...wanted];
  wanted = new Set();
  for (let at = 0; at < ids.length; at += 100) {
    const some = ids.slice(at, at + 100);
    try {
      const { items } = await client.rest.get("/users", { id: some.join(","), limit: 100 });
      for (const { id, name } of items) known.set(id, name);
    } catch {
      // The next one who looks asks again.
      for (const id of some) known.delete(id);
    }
  }
  names.dispatchEvent(new Event("names"));
}
