// What I am permitted to do here, as far as it can be known.

import { client, me, setMe } from "../session.js";

/** The permissions of my roles; null where I may not read them. @type {Set<string> | null} */
let known = new Set();

/** Whether my roles permit an operation. Where that cannot be known, the server says so later. @param {string} permission */
export function may(permission) {
  return known === null || known.has("*") || known.has(permission);
}

/**
 * Learns what I may do, and answers the sections that I may see.
 * @param {import("./sections.js").Section[]} sections
 */
export async function visible(sections) {
  await learn();
  const allowed = await Promise.all(sections.map(async ({ needs, ask }) => {
    if (!needs) return null;
    return known === null && ask ? await isPermitted(ask) : needs.some(may);
  }));
  const isAny = allowed.some((one) => one === true);
  return sections.filter((_, at) => allowed[at] ?? isAny);
}

/** Reads my roles anew: somebody may have changed them. */
async function learn() {
  const profile = await client.rest.get("/users/me");
  if (profile.roles.join() !== me()?.roles.join()) setMe(profile);
  if (profile.roles.includes("admin")) return void (known = new Set(["*"]));
  const roles = await Promise.all(profile.roles.map(readRole));
  known = roles.includes(null) ? null : new Set(roles.flatMap((role) => role.permissions));
}

/** A role; null where I may not read it. @param {string} name */
async function readRole(name) {
  try {
    return await client.rest.get(`/roles/${encodeURIComponent(name)}`);
  } catch (error) {
    const { status } = /** @type {any} */ (error);
    if (status === 403) return null;
    if (status === 404) return { permissions: [] };
    throw error;
  }
}

/** @param {["GET" | "POST", string]} ask */
async function isPermitted([method, path]) {
  try {
    await client.rest.call(method, path, method === "POST" ? { body: {} } : {});
    return true;
  } catch (error) {
    const { status } = /** @type {any} */ (error);
    if (status === 403) return false;
    if (status === 400) return true;
    throw error;
  }
}
