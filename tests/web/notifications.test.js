// Notifications: their number on every page, short notices, and the page that lists them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Network } from "../client/harness.js";
import { faultsOf, goTo, launch, person, until, windowOf, world } from "./harness.js";

const ROOT = { email: "root@example.com", password: "trunkline1" };

let here, browser, alice, bob, carol, root, room;

before(async () => {
  here = await world({ TRUNKLINE_ADMIN__EMAIL: ROOT.email, TRUNKLINE_ADMIN__PASSWORD: ROOT.password });
  browser = await launch();
  alice = await person(here.base, "Alice");
  bob = await person(here.base, "Bob");
  carol = await person(here.base, "Carol");
  root = await person(here.base, "Nobody");
  await root.signIn(ROOT);
  room = await bob.rest.post("/chats", { title: "Rehearsals" });
  await bob.rest.post(`/chats/${room.id}/members`, { user_id: alice.userId });
  await alice.rest.put("/notifications/read");
});

after(async () => {
  await browser?.close();
  await here?.end();
});

const count = (page) => page.locator('.navigation [data-key="notifications"] .count');
const row = (page, text) => page.locator("tl-notification", { hasText: text });
const button = (place, name) => place.getByRole("button", { name, exact: true });

async function mention(text) {
  const { username } = await alice.rest.get("/users/me");
  return bob.rest.post(`/chats/${room.id}/messages`, { content: `@${username} ${text}` });
}

test("a mention is told at once, wherever one is, and its notice leads there", async () => {
  await mention("before anybody looks");
  const page = await windowOf(browser, here.base, alice, { at: "#/posts" });
  // Right from the start.
  await until("one is told", async () => (await count(page).textContent()) === "1");
  const { seq } = await mention("when do we begin?");
  await until("two are told", async () => (await count(page).textContent()) === "2");
  await page.locator(".notice a", { hasText: "Bob mentioned you in “Rehearsals”" }).click();
  await page.waitForURL(`**/#/chats/${room.id}?seq=${seq}`);
  // What is read in the chat is read here, too.
  await until("all are read", async () => !(await count(page).isVisible()));
  // Who looks at the chat is told nothing, and what they see is read.
  await mention("and now?");
  await until("it is read", async () => (await alice.rest.get("/notifications", { limit: 1 })).items[0].read_at !== null);
  await until("nothing is counted", async () => !(await count(page).isVisible()));
  assert.equal(await page.locator(".notice a").count(), 0);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("the list tells of everything, in order, and what is done elsewhere is seen", async () => {
  await alice.rest.put("/notifications/read");
  const page = await windowOf(browser, here.base, alice, { at: "#/notifications" });
  await row(page, "Bob mentioned you").first().waitFor();
  assert.equal(await count(page).isVisible(), false);

  await carol.rest.post("/friends", { user_id: alice.userId });
  await button(row(page, "Carol wants to be your friend"), "Accept").click();
  await until("they are friends", async () => (await alice.rest.get("/friends")).total === 1);
  await until("it needs no answer", async () => (await button(row(page, "Carol"), "Accept").count()) === 0);
  await until("it is read", async () => !(await count(page).isVisible()));

  await root.rest.post("/notifications", { recipient_id: alice.userId, message: "Tonight the server rests." });
  const event = { name: "Jam session", event_time: new Date(Date.now() + 86_400_000).toISOString(), max_tickets: 1, duration_hours: 1, duration_minutes: 0, timezone: "UTC" };
  const { id } = await bob.rest.post("/events", event);
  await carol.rest.post(`/events/${id}/tickets`, { quantity: 1 });
  await alice.rest.post(`/events/${id}/tickets`, { quantity: 1, wait: true });
  const ticket = (await carol.rest.get("/users/me/tickets")).items[0];
  await carol.rest.delete(`/events/${id}/tickets/${ticket.id}`);
  await row(page, "A place at “Jam session” is held for you").waitFor();
  await row(page, "Tonight the server rests.").waitFor();
  assert.equal(await count(page).textContent(), "2");
  await page.getByRole("link", { name: "Unread", exact: true }).click();
  await until("only two are listed", async () => (await page.locator("tl-notification").count()) === 2);
  await row(page, "Jam session").getByRole("link", { name: "Take it" }).click();
  await page.waitForURL(`**/#/events/${id}`);
  await page.goBack();
  await until("it is no longer listed", async () => (await page.locator("tl-notification").count()) === 1);

  // On another device.
  await alice.rest.put("/notifications/read");
  await until("it is seen as read", async () => (await page.locator("tl-notification.unread").count()) === 0);
  assert.equal(await count(page).isVisible(), false);
  await button(row(page, "Tonight"), "Delete").click();
  await page.getByText("You have read everything.").waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("after a break nothing is missing; more than a page is listed page by page", async () => {
  const network = await Network.to(here.instance);
  const page = await windowOf(browser, network.base, alice, { at: "#/notifications" });
  await row(page, "Bob").first().waitFor();
  network.cut();
  for (let number = 1; number <= 40; number += 1) await root.rest.post("/notifications", { recipient_id: alice.userId, message: `News ${number}.` });
  network.heal();
  await row(page, "News 40.").waitFor();
  await until("all are counted", async () => (await count(page).textContent()) === "40");
  assert.equal(await page.locator("tl-notification").count(), 30);
  await button(page, "More").click();
  await row(page, "News 1.").waitFor();

  await row(page, "News 39.").getByRole("button", { name: "Delete" }).click();
  await until("it is counted no more", async () => (await count(page).textContent()) === "39");
  // The keyboard stays where it was.
  assert.ok(await row(page, "News 38.").getByRole("button", { name: "Delete" }).evaluate((element) => element === document.activeElement));
  await button(page, "Mark all as read").click();
  await until("all are read", async () => !(await count(page).isVisible()));
  assert.equal(await page.locator("tl-notification.unread").count(), 0);
  assert.deepEqual(page.problems, []);
  await page.context().close();
  network.end();
});

test("nothing is in anybody's way, light and dark", async () => {
  await bob.rest.post("/friends", { user_id: alice.userId });
  for (const colorScheme of ["light", "dark"]) {
    const page = await windowOf(browser, here.base, alice, { at: "#/notifications", colorScheme });
    await button(row(page, "Bob wants"), "Accept").waitFor();
    assert.deepEqual(await faultsOf(page), []);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});
