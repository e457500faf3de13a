// What this browser keeps of a person goes with their account.

/** Forgets drafts, choices and what waited to be sent. @param {string} userId */
export async function forgetPerson(userId) {
  for (const key of Object.keys(localStorage)) if (key.includes(userId)) localStorage.removeItem(key);
  for (const { name } of (await indexedDB.databases?.()) ?? []) if (name?.includes(userId)) indexedDB.deleteDatabase(name);
}
