// Who is signed in, and the way to the server that the whole page shares.

import { Trunkline } from "../client/client.js";

/** The one client of this page. */
export const client = new Trunkline();

/** Told `change` when somebody signs in or out, or their profile is another one. */
export const session = new EventTarget();

/** @type {any} */
let profile = null;

/** My own profile, as `GET /users/me` answers it; null until it is there. */
export function me() {
  return profile;
}

/** Whether I may do everything. */
export function isAdministrator() {
  return !!profile?.roles?.includes("admin");
}

/** Whether I have a role beside the one of every new account: it may permit some of the administration. */
export function hasOtherRole() {
  return !!profile?.roles?.some((/** @type {string} */ role) => role !== "user");
}

/** Takes over a profile that an answer held. @param {any} user */
export function setMe(user) {
  profile = user;
  session.dispatchEvent(new Event("change"));
}

/** How long the list of chats is waited for before a page is shown without it. */
const LIST_MS = 400;

/** Goes online with who is signed in; answers whether anybody is. */
export async function enter() {
  if (!(await client.session.adopt())) return false;
  const connected = client.connect();
  const [user] = await Promise.all([client.rest.get("/users/me"), Promise.race([connected, begun()])]);
  setMe(user);
  // Where the connection ends before the list has come, `signed_out` is told.
  connected.catch(() => {});
  return true;
}

/** A moment after the client has begun: from then on it can be asked, though somebody with thousands of chats has no list yet. */
async function begun() {
  await new Promise((resolve) => {
    const off = client.on("state", () => {
      off();
      resolve(undefined);
    });
  });
  await new Promise((resolve) => setTimeout(resolve, LIST_MS));
}

/** Signs in and goes online. @param {{email?: string, username?: string, password: string}} credentials */
export async function signIn(credentials) {
  await client.signIn(credentials);
  await enter();
}

/** Signs out, in all tabs. */
export async function signOut() {
  // The next one does not begin where this one was.
  history.replaceState(null, "", "#/sign-in");
  await client.signOut().catch(() => {});
  setMe(null);
}
