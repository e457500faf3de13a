// What a browser has and other places may not: storage, locks and a channel between tabs.

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} KeyValues */

/** Where a page keeps what all its tabs share; memory, where there is no such place. @returns {KeyValues} */
export function defaultStorage() {
  try {
    // Throws where a browser keeps nothing for this page. Node warns where it has no file for it.
    if (typeof window !== "undefined" && window.localStorage) return window.localStorage;
  } catch {
    // Memory, then.
  }
  return memoryStorage();
}

/** A storage that is gone with the program. @returns {KeyValues} */
export function memoryStorage() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

/** Whether tabs can agree on one of them here. */
export function hasTabs() {
  return typeof navigator !== "undefined" && !!navigator.locks && typeof BroadcastChannel !== "undefined";
}

/** Who waits for a lock inside this program. @type {Map<string, Promise<unknown>>} */
const queues = new Map();

/**
 * Does something while no other tab does anything under the same name.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {AbortSignal} [signal] gives up waiting
 * @returns {Promise<T>}
 */
export async function exclusively(name, work, signal) {
  if (typeof navigator !== "undefined" && navigator.locks) {
    return navigator.locks.request(name, signal ? { signal } : {}, work);
  }
  const before = queues.get(name) ?? Promise.resolve();
  const own = before.then(() => {
    signal?.throwIfAborted();
    return work();
  });
  const settled = own.catch(() => {});
  queues.set(name, settled);
  settled.then(() => queues.get(name) === settled && queues.delete(name));
  return own;
}

/** A name that nobody else has. Pages that did not come by HTTPS have no `randomUUID`. */
export function randomName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * What a page is told of itself.
 * @param {object} listener
 * @param {() => void} listener.hurry the network is back, or the page is seen again
 * @param {(key: string | null) => void} listener.stored another tab has kept something else under this key
 * @param {AbortSignal} signal ends it
 */
export function listenToPage({ hurry, stored }, signal) {
  if (typeof window === "undefined" || !window.addEventListener) return;
  window.addEventListener("online", hurry, { signal });
  window.addEventListener("pageshow", hurry, { signal });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && hurry(), { signal });
  window.addEventListener("storage", ({ key }) => stored(key), { signal });
}
