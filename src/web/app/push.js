// What runs beside the page: the service worker, and what it and the page tell each other.

import { address, go, here } from "./router.js";
import { client, me, session } from "./session.js";
import { isMuted } from "./shell/navigation.js";

/** Where is noted who is told on this device by push, and when the server was told of it. */
const KEPT = "trunkline.push";
const DAY_MS = 86_400_000;

/** @type {(registration: ServiceWorkerRegistration | null) => void} */
let found;
/** @type {Promise<ServiceWorkerRegistration | null>} */
const registered = new Promise((resolve) => void (found = resolve));

/** The service worker; null where there can be none. */
export function worker() {
  return registered;
}

/** What is noted of push on this device. @returns {{user_id: string, endpoint: string, at: number} | null} */
export function noted() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null");
  } catch {
    return null;
  }
}

/** Tells the server of this device, and notes it. @param {PushSubscription} subscription */
export async function tellServer(subscription) {
  await client.rest.post("/push/subscriptions", subscription.toJSON());
  localStorage.setItem(KEPT, JSON.stringify({ user_id: client.userId, endpoint: subscription.endpoint, at: Date.now() }));
}

/** From now on nothing is pushed to this device. */
export function forget() {
  localStorage.removeItem(KEPT);
}

/** Has a notification shown beside the page, as a push is: of who has a socket open, the server pushes nothing. @param {any} payload */
async function showBeside(payload) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  (await registered)?.active?.postMessage({ kind: "show", payload: { count: 1, ...payload } });
}

/** Shows one of my notifications beside the page. @param {any} of @param {string} body @param {{path: string, query?: any} | null} place */
export function tellBeside({ id, data, created_at }, body, place) {
  const path = place ? address(place.path, place.query).slice(1) : undefined;
  return showBeside({ title: "Trunkline", body, tag: data?.chat_id ?? id, path, notification_id: id, created_at });
}

/** Shows a message of a direct chat beside the page, where nobody looks at it. @param {any} entry */
function tellMessage({ chat_id, message }) {
  if (!document.hidden || !client.isLeader || !message || message.sender_id === client.userId) return;
  const chat = client.chat(chat_id);
  if (chat?.kind !== "direct" || isMuted(chat)) return;
  showBeside({ title: chat.peer?.name ?? "Trunkline", body: message.content ?? "📎", tag: chat_id, chat_id, created_at: message.created_at });
}

/** What was shown of the chat that is looked at is put away. */
async function putAway() {
  const [, place, tag] = here().path.split("/");
  if (document.hidden || place !== "chats" || !tag) return;
  for (const shown of (await (await registered)?.getNotifications({ tag })) ?? []) shown.close();
}

/** @returns {Promise<ServiceWorkerRegistration | null>} */
async function register() {
  const rules = { createScriptURL: () => "/service-worker.js" };
  // Where the browser has Trusted Types, it lets no mere text name a script.
  const url = /** @type {any} */ (window).trustedTypes?.createPolicy("trunkline", rules).createScriptURL("") ?? rules.createScriptURL();
  const registration = await navigator.serviceWorker.register(url);
  const folder = new URL("./", import.meta.url).pathname;
  const paths = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname).filter((path) => path.startsWith(folder));
  navigator.serviceWorker.ready.then(({ active }) => active?.postMessage({ kind: "loaded", paths }));
  return registration;
}

/** A session that ended took the subscription with it, and a browser may have made another one. */
async function keepSubscribed() {
  const known = noted();
  if (!known || me() === null || known.user_id !== client.userId) return;
  const subscription = await (await registered)?.pushManager.getSubscription();
  if (!subscription) return forget();
  if (subscription.endpoint !== known.endpoint || Date.now() - known.at > DAY_MS) await tellServer(subscription);
}

/** Begins when the page has what it needs itself. */
function begin() {
  if (!("serviceWorker" in navigator)) return found(null);
  navigator.serviceWorker.addEventListener("message", ({ data }) => data?.kind === "go" && go(data.path));
  register().then(found, () => found(null));
  keepSubscribed().catch(() => {});
  client.on("frame", (frame) => frame.type === "new_message" && tellMessage(frame));
  addEventListener("hashchange", () => putAway().catch(() => {}));
  document.addEventListener("visibilitychange", () => putAway().catch(() => {}));
}

session.addEventListener("change", () => keepSubscribed().catch(() => {}));
client.on("signed_out", () => {
  const known = noted();
  if (known) localStorage.setItem(KEPT, JSON.stringify({ ...known, at: 0 }));
});
const rest = () => (window.requestIdleCallback ?? setTimeout)(begin);
if (document.readyState === "complete") rest();
else addEventListener("load", rest);
