// Push on this device: on, off, and why it cannot be.

import { forget, noted, tellServer, worker } from "../push.js";
import { client } from "../session.js";

/** How long a push service may take. */
const PATIENCE_MS = 20_000;

/**
 * How it is with push here. `unsupported`: the browser has none. `denied`: somebody has forbidden it in the browser.
 * @typedef {"on" | "off" | "denied" | "unsupported"} State
 */

/** How it is now. @returns {Promise<State>} */
export async function pushState() {
  if (!("PushManager" in window) || !("Notification" in window)) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  const registration = await worker();
  if (!registration) return "unsupported";
  const subscription = await registration.pushManager.getSubscription();
  return subscription && noted()?.user_id === client.userId ? "on" : "off";
}

/** Switches it on. To be called after a click alone: the browser asks. @returns {Promise<State>} */
export async function switchOn() {
  const answer = await Notification.requestPermission();
  if (answer !== "granted") return answer === "denied" ? "denied" : "off";
  const registration = await ready();
  if (!registration) return "unsupported";
  const { public_key } = await client.rest.get("/push/key");
  const applicationServerKey = bytesOf(public_key);
  const before = await registration.pushManager.getSubscription();
  // One that was made with another key is of no use, and hinders a new one.
  if (before && !sameBytes(before.options.applicationServerKey, applicationServerKey)) await before.unsubscribe();
  await tellServer(await subscribed(registration, applicationServerKey));
  return "on";
}

/** What the browser's push service answers; one that cannot be reached lets some browsers wait for ever. @param {ServiceWorkerRegistration} registration @param {BufferSource} applicationServerKey */
async function subscribed(registration, applicationServerKey) {
  const late = new Promise((resolve, reject) => setTimeout(() => reject(new Error("no answer")), PATIENCE_MS));
  try {
    return await Promise.race([registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }), late]);
  } catch (error) {
    throw Object.assign(new Error(String(error)), { code: "no_push_service" });
  }
}

/** Switches it off: here, and at the server. */
export async function switchOff() {
  const registration = await worker();
  const subscription = await registration?.pushManager.getSubscription();
  const devices = await client.rest.all("/push/subscriptions", {});
  for (const { id, endpoint } of devices) if (endpoint === subscription?.endpoint) await client.rest.delete(`/push/subscriptions/${id}`);
  await subscription?.unsubscribe();
  forget();
}

/** The service worker as it runs; it may be about to begin. */
async function ready() {
  const registration = await worker();
  if (!registration || registration.active) return registration;
  const late = new Promise((resolve) => setTimeout(resolve, 5_000, null));
  return /** @type {Promise<ServiceWorkerRegistration | null>} */ (Promise.race([navigator.serviceWorker.ready, late]));
}

/** @param {string} text base64url */
function bytesOf(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer | null} one @param {Uint8Array} other */
function sameBytes(one, other) {
  const bytes = new Uint8Array(one ?? new ArrayBuffer(0));
  return bytes.length === other.length && bytes.every((byte, at) => byte === other[at]);
}
