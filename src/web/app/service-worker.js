// What runs beside the pages: it shows what is pushed, and keeps the page for when there is no network.

const VERSION = "{version}";
/** Each version has a cache of its own, with one page and the files that belong to it. */
const PREFIX = "trunkline-";
const KEPT = PREFIX + VERSION;
const FILES = `/app/${VERSION}/`;
/** How long the server may take for the page, where it is kept here too. */
const PATIENCE_MS = 3_000;

self.addEventListener("install", (event) => {
  // What it has nothing to do with goes by it, where the browser knows how.
  const bypassed = ["/api/*", "/socket.io/*"].map((pathname) => ({ condition: { urlPattern: { pathname } }, source: "network" }));
  const routed = Promise.resolve(event.addRoutes?.(bypassed)).catch(() => {});
  // Nothing of the old version is kept waiting for: a page says itself which files it wants.
  event.waitUntil(Promise.all([keep(), routed, self.skipWaiting()]));
});

self.addEventListener("activate", (event) => event.waitUntil(begin()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname === "/" && request.mode === "navigate") event.respondWith(page(request));
  else if (pathname.startsWith(FILES)) event.respondWith(file(request));
});

/** Keeps the page with the files that it names; not that of another version, where two of them run beside each other. */
async function keep() {
  const cache = await caches.open(KEPT);
  const answer = await fetch("/", { headers: { accept: "text/html" }, cache: "no-cache" });
  const text = await answer.clone().text();
  const named = [...text.matchAll(/"(\/app\/[^"]+)"/g)].map(([, path]) => path);
  if (!answer.ok || !named.some((path) => path.startsWith(FILES))) throw new Error("the server has another version by now");
  await cache.addAll(named);
  await cache.put("/", answer);
}

async function begin() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** The page of the server; the kept one where none comes. @param {Request} request */
async function page(request) {
  const kept = await (await caches.open(KEPT)).match("/", { ignoreVary: true });
  const answer = fetch(request);
  if (!kept) return answer;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const first = await Promise.race([answer.catch(() => null), late]);
  // A proxy answers so while the server begins anew.
  return first && first.status < 500 ? first : kept;
}

/** A file never changes, so the kept one is as good. @param {Request} request */
async function file(request) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone()).catch(() => {});
  return answer;
}

self.addEventListener("message", (event) => {
  // What a page had loaded before this was there.
  if (event.data?.kind === "loaded") event.waitUntil(keepAll(event.data.paths));
  // What no page shows, as none is looked at.
  if (event.data?.kind === "show") event.waitUntil(showUnseen(event.data.payload));
});

/** @param {string[]} paths */
async function keepAll(paths) {
  const cache = await caches.open(KEPT);
  for (const path of paths.filter((each) => each.startsWith(FILES))) {
    if (!(await cache.match(path, { ignoreVary: true }))) await cache.add(path).catch(() => {});
  }
}

self.addEventListener("push", (event) => event.waitUntil(show(read(event.data))));

/** What a push says. A browser wants to see something for every one of them. @param {{json(): any} | null} said */
function read(said) {
  try {
    return said.json();
  } catch {
    return { title: "Trunkline", body: "" };
  }
}

/** @param {any} payload */
async function showUnseen(payload) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (!pages.some(({ visibilityState }) => visibilityState === "visible")) await show(payload);
}

/** Shows a push. A newer one of the same chat takes its place. @param {any} payload */
async function show(payload) {
  const { title, body, tag, count, notification_id, created_at } = payload;
  navigator.setAppBadge?.().catch(() => {});
  await self.registration.showNotification(count > 1 ? `${title} (${count})` : title, {
    body,
    tag: tag ?? "trunkline",
    renotify: true,
    icon: `${FILES}icon-192.png`,
    badge: `${FILES}badge.png`,
    timestamp: Date.parse(created_at) || Date.now(),
    data: { path: placeOf(payload), notification_id },
  });
}

/** Where the page shows what a push is about. @param {any} payload */
function placeOf({ path, kind, chat_id, sender_id, data }) {
  if (path) return path;
  if (chat_id) return `/chats/${chat_id}`;
  if (kind?.startsWith("friend_") && sender_id) return `/people/${sender_id}`;
  if (data?.event_id && !data.deleted) return `/events/${data.event_id}`;
  if (data?.post_id) return `/posts/${data.post_id}`;
  return "/notifications";
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data ?? {}));
});

/** Goes there in a page that is open, or in a new one. @param {{path?: string, notification_id?: string | null}} what */
async function open({ path = "/", notification_id }) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const shown = pages.find(({ focused }) => focused) ?? pages.find(({ visibilityState }) => visibilityState === "visible") ?? pages[0];
  if (shown) {
    shown.postMessage({ kind: "go", path });
    await shown.focus().catch(() => {});
  } else {
    await self.clients.openWindow(`/#${path}`);
  }
  if (notification_id) await fetch(`/api/v1/notifications/${notification_id}/read`, { method: "PUT" }).catch(() => {});
}

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

/** The browser has ended a subscription: the server is told of the new one. @param {any} event */
async function renew({ oldSubscription, newSubscription }) {
  const applicationServerKey = oldSubscription?.options.applicationServerKey;
  if (!newSubscription && !applicationServerKey) return;
  const subscription = newSubscription ?? (await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }));
  const body = JSON.stringify(subscription);
  // Where the session has to be refreshed first, the next page that is opened tells it.
  await fetch("/api/v1/push/subscriptions", { method: "POST", headers: { "content-type": "application/json" }, body });
}
