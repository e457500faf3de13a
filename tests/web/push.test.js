// What runs beside the pages: push, and the page without a server.

import assert from "node:assert/strict";
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { goTo, launch, person, until, windowOf, world } from "./harness.js";

let here, browser, alice, bob, service;

before(async () => {
  here = await world({ TRUNKLINE_WEBHOOKS__ALLOW_PRIVATE: "true" });
  browser = await launch();
  service = await PushService.start();
  alice = await person(here.base, "Alice");
  bob = await person(here.base, "Bob");
});

after(async () => {
  await browser?.close();
  await service?.end();
  await here?.end();
});

/** A push service with one device, which reads what it is sent. */
class PushService {
  keys = createECDH("prime256v1");
  auth = randomBytes(16);
  received = [];

  static async start() {
    const self = new PushService();
    self.keys.generateKeys();
    self.server = createServer(async (request, response) => {
      const parts = [];
      for await (const part of request) parts.push(part);
      self.received.push(JSON.parse(self.open(Buffer.concat(parts))));
      response.writeHead(201).end();
    });
    await new Promise((resolve) => self.server.listen(0, "127.0.0.1", resolve));
    return self;
  }

  /** What a browser's subscription would be. */
  get subscription() {
    const { port } = this.server.address();
    const keys = { p256dh: this.keys.getPublicKey("base64url"), auth: this.auth.toString("base64url") };
    return { endpoint: `http://127.0.0.1:${port}/device`, keys };
  }

  /** RFC 8291, one record. */
  open(body) {
    const [salt, theirs] = [body.subarray(0, 16), body.subarray(21, 21 + body[20])];
    const info = Buffer.concat([Buffer.from("WebPush: info\0"), this.keys.getPublicKey(), theirs]);
    const secret = hkdfSync("sha256", this.keys.computeSecret(theirs), this.auth, info, 32);
    const derive = (label, length) => Buffer.from(hkdfSync("sha256", Buffer.from(secret), salt, Buffer.from(`Content-Encoding: ${label}\0`), length));
    const sealed = body.subarray(21 + theirs.length);
    const decipher = createDecipheriv("aes-128-gcm", derive("aes128gcm", 16), derive("nonce", 12));
    decipher.setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    return plain.subarray(0, plain.lastIndexOf(2)).toString();
  }

  end() {
    return new Promise((resolve) => this.server.close(resolve));
  }
}

/** In the page: what the browser would have of its push service. */
function standIn(device) {
  const subscription = { endpoint: device.endpoint, toJSON: () => device, options: {}, unsubscribe: async () => localStorage.removeItem("stand-in") };
  PushManager.prototype.getSubscription = async () => (localStorage.getItem("stand-in") ? subscription : null);
  PushManager.prototype.subscribe = async () => (localStorage.setItem("stand-in", "on"), subscription);
}

/** Until the service worker runs and has the page. */
async function settled(page) {
  await page.waitForFunction(async () => {
    const { active } = await navigator.serviceWorker.ready;
    const [name] = (await caches.keys()).filter((each) => each.startsWith("trunkline-"));
    const kept = name ? (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname) : [];
    return active.state === "activated" && navigator.serviceWorker.controller && kept.includes("/") && kept.some((path) => path.endsWith("/main.js"));
  });
}

/** A way to push to the page's service worker. */
async function pusher(page) {
  const cdp = await page.context().newCDPSession(page);
  const registration = new Promise((resolve) => cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => registrations[0] && resolve(registrations[0])));
  await cdp.send("ServiceWorker.enable");
  const { registrationId } = await registration;
  const { origin } = new URL(page.url());
  return (payload) => cdp.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data: JSON.stringify(payload) });
}

const shown = (page) => page.evaluate(async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, path: data.path }));
});

/** Somebody clicks the only notification. A browser lets nobody else do that, so the event is made. */
async function click(page) {
  const worker = page.context().serviceWorkers().find((each) => each.url().endsWith("/service-worker.js"));
  await worker.evaluate(async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
  });
}

test("the program can be installed", async () => {
  const page = await windowOf(browser, here.base, alice);
  const cdp = await page.context().newCDPSession(page);
  const { data, errors } = await cdp.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const { icons, shortcuts } = JSON.parse(data);
  for (const { src, type } of [...icons, ...shortcuts.flatMap(({ icons: all }) => all)]) {
    const answer = await fetch(new URL(src, here.base));
    assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, type], src);
  }
  await page.context().close();
});

test("a push is shown, once a chat, and leads to its place", async () => {
  const page = await windowOf(browser, here.base, alice, { permissions: ["notifications"] });
  await settled(page);
  const push = await pusher(page);
  const chat = await alice.rest.post("/chats/direct", { user_id: bob.userId });
  const payload = { kind: "direct", title: "Bob", body: "hello", tag: chat.id, count: 1, chat_id: chat.id, notification_id: null, created_at: new Date().toISOString() };
  await push(payload);
  await until("it is shown", async () => (await shown(page)).length === 1);
  await push({ ...payload, body: "are you there?", count: 2 });
  await until("the newer one is shown", async () => (await shown(page))[0]?.body === "are you there?");
  assert.deepEqual(await shown(page), [{ title: "Bob (2)", body: "are you there?", tag: chat.id, path: `/chats/${chat.id}` }]);
  await click(page);
  await page.waitForURL(`**/#/chats/${chat.id}`);
  await until("it is put away", async () => (await shown(page)).length === 0);

  // What cannot be read is shown all the same, or the browser would say something itself.
  await push("nonsense");
  await until("something is shown", async () => (await shown(page)).length === 1);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("a message of a direct chat is shown beside the page while nobody looks at it, and put away when somebody does", async () => {
  const page = await windowOf(browser, here.base, alice, { permissions: ["notifications"] });
  await settled(page);
  await page.getByRole("navigation", { name: "Main navigation" }).waitFor();
  // A browser of tests hides no page.
  const hide = (isHidden) => page.evaluate((hidden) => Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden }), isHidden);
  await hide(true);
  await page.context().serviceWorkers()[0].evaluate(() => void (self.clients.matchAll = async () => []));
  const chat = await bob.rest.post("/chats/direct", { user_id: alice.userId });
  await bob.rest.post(`/chats/${chat.id}/messages`, { content: "look here" });
  await until("it is shown", async () => (await shown(page)).some(({ title, body }) => title === "Bob" && body === "look here"));
  await hide(false);
  await goTo(page, `#/chats/${chat.id}`);
  await until("it is put away", async () => (await shown(page)).length === 0);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("who switches push on is told while away, and not after switching it off", async () => {
  const page = await windowOf(browser, here.base, alice, { at: "#/account/notifications", permissions: ["notifications"] });
  await settled(page);
  await page.getByRole("button", { name: "Switch on" }).click();
  // This chromium has no push service that it could reach.
  await page.getByText("Your browser cannot reach its push service now.").waitFor();

  await page.addInitScript(standIn, service.subscription);
  await page.reload();
  await page.getByRole("button", { name: "Switch on" }).click();
  await page.getByText("Push is on.").waitFor();

  const chat = await bob.rest.post("/chats/direct", { user_id: alice.userId });
  const say = (content) => bob.rest.post(`/chats/${chat.id}/messages`, { content });
  // Away is who has no socket; a page that waits for the network has none.
  const push = await pusher(page);
  await page.goto("about:blank");
  await until("she is away", async () => (await say("dinner at eight?"), service.received.length > 0));
  const payload = service.received.at(-1);
  assert.equal(payload.title, "Bob");
  assert.equal(payload.body, "dinner at eight?");

  await page.goto(`${here.base}/#/account/notifications`);
  await settled(page);
  await push(payload);
  await until("it is shown", async () => (await shown(page)).some(({ body }) => body === "dinner at eight?"));

  const [device] = (await alice.rest.get("/push/subscriptions")).items;
  assert.equal(device.endpoint, service.subscription.endpoint);
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByRole("button", { name: "Switch on" }).waitFor();
  assert.deepEqual((await alice.rest.get("/push/subscriptions")).items, []);
  // Chromium itself says that its windows of tests have no push.
  assert.deepEqual(page.problems.filter((problem) => !problem.includes("Push API in incognito mode")), []);
  await page.context().close();
});

test("who has forbidden notifications is told where that can be changed", async () => {
  const page = await windowOf(browser, here.base, alice, { at: "#/account/notifications", permissions: ["geolocation"] });
  await page.getByText("Your browser does not allow notifications of this page.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Switch on" }).count(), 0);
  await page.context().close();
});

test("without a server the page opens, and what was written goes when it is back; old copies go", async () => {
  const chat = await alice.rest.post("/chats/direct", { user_id: bob.userId });
  const page = await windowOf(browser, here.base, alice, { at: `#/chats/${chat.id}` });
  await settled(page);
  await page.evaluate(async () => void (await caches.open("trunkline-of-another-version")));
  await page.evaluate(async () => (await navigator.serviceWorker.ready).unregister());
  await page.reload();
  await settled(page);
  await until("the old copies are gone", async () => (await page.evaluate(() => caches.keys())).length === 1);

  const { pid } = here.instance.child;
  await page.locator("tl-composer textarea").waitFor();
  await page.context().setOffline(true);
  await page.locator("tl-composer textarea").fill("written in a tunnel");
  await page.locator("tl-composer textarea").press("Enter");
  await page.locator("tl-history").getByText("written in a tunnel").waitFor();
  await page.reload();
  await page.getByText("No connection. What you write is kept and sent later.").waitFor();
  await page.context().setOffline(false);
  await page.getByRole("navigation", { name: "Main navigation" }).waitFor();
  const sent = async () => (await bob.rest.get(`/chats/${chat.id}/messages`)).items.filter(({ content }) => content === "written in a tunnel").length;
  await until("it is sent, once", async () => (await sent()) === 1);

  // A server that says nothing is waited for a little.
  process.kill(pid, "SIGSTOP");
  try {
    await page.reload({ waitUntil: "domcontentloaded" });
    assert.ok(await page.evaluate(() => customElements.get("tl-app") !== undefined));
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await page.getByRole("navigation", { name: "Main navigation" }).waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
