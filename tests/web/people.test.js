// People: finding them, friends, requests, blocks, and somebody who is gone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { faultsOf, goTo, launch, person, until, windowOf, world } from "./harness.js";

let here, browser, alice, bob, carol;

before(async () => {
  here = await world();
  browser = await launch();
  alice = await person(here.base, "Alice");
  bob = await person(here.base, "Bob Bright");
  carol = await person(here.base, "Carol");
});

after(async () => {
  await browser?.close();
  await here?.end();
});

const button = (place, name) => place.getByRole("button", { name, exact: true });
const chip = (page, text) => page.locator(".person-names .chip", { hasText: text });

test("two people find each other, become friends, talk, and part", async () => {
  await bob.rest.patch("/users/me", { bio: "Plays the double bass.", contacts: { github: "bob-b" } });
  const page = await windowOf(browser, here.base, alice, { at: "#/people" });
  await page.getByText("No friends yet.").waitFor();
  await page.getByRole("searchbox", { name: "Find people" }).fill("bright");
  await page.getByRole("link", { name: "Bob Bright" }).click();
  await page.getByRole("heading", { level: 1, name: "Bob Bright" }).waitFor();
  await page.getByText("Plays the double bass.").waitFor();
  // Contacts are for friends.
  assert.equal(await page.getByText("GitHub").count(), 0);

  await button(page, "Add as friend").click();
  await chip(page, "Asked by you").waitFor();
  const other = await windowOf(browser, here.base, bob, { at: "#/people?tab=requests" });
  await other.locator(".tabs .count", { hasText: "1" }).waitFor();
  await button(other, "Accept: Alice").click();
  await other.getByText("Nobody is waiting for your answer.").waitFor();
  await until("the tab tells of nothing more", async () => (await other.locator(".tabs .count").count()) === 0);
  // Alice hears of it where she is.
  await chip(page, "Friends since").waitFor();
  await page.getByText("bob-b").waitFor();
  await page.locator(".presence.online").waitFor();
  await other.context().close();
  await page.locator(".presence", { hasText: "last online" }).waitFor();

  await button(page, "Message").click();
  await page.waitForURL("**/#/chats/*");
  await page.goBack();
  await page.getByRole("link", { name: "Open" }).waitFor();

  await button(page, "Unfriend").click();
  await button(page.getByRole("dialog"), "Cancel").click();
  await button(page, "Unfriend").click();
  await button(page.getByRole("dialog"), "Unfriend").click();
  await button(page, "Add as friend").waitFor();
  assert.deepEqual((await bob.rest.get("/friends")).items, []);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("a whole e-mail address finds its owner; who is blocked gets nowhere, and is let in again", async () => {
  const page = await windowOf(browser, here.base, alice, { at: "#/people" });
  await page.getByRole("searchbox", { name: "Find people" }).fill(carol.email);
  await page.getByRole("link", { name: "Carol" }).click();
  await button(page, "Block").click();
  await button(page.getByRole("dialog"), "Block").click();
  await button(page, "Unblock").waitFor();
  assert.equal(await button(page, "Message").count(), 0);

  const other = await windowOf(browser, here.base, carol, { at: `#/people/${alice.userId}` });
  await button(other, "Add as friend").click();
  await other.getByText("this person cannot be reached by you").waitFor();

  await goTo(page, "#/people?tab=blocked");
  await button(page, "Unblock: Carol").click();
  await page.getByText("You have blocked nobody.").waitFor();
  await button(other, "Add as friend").click();
  await chip(other, "Asked by you").waitFor();
  // The other one is faster: what was to be declined is withdrawn already.
  await goTo(page, "#/people?tab=requests");
  await button(page, "Decline: Carol").waitFor();
  await button(other, "Withdraw request").click();
  await button(other, "Add as friend").waitFor();
  await button(page, "Decline: Carol").click();
  await page.getByText("Nobody is waiting for your answer.").waitFor();
  assert.deepEqual([...page.problems, ...other.problems], []);
  await page.context().close();
  await other.context().close();
});

test("somebody who is gone is told of calmly", async () => {
  const dave = await person(here.base, "Dave");
  const page = await windowOf(browser, here.base, alice, { at: `#/people/${dave.userId}` });
  await page.getByRole("heading", { level: 1, name: "Dave" }).waitFor();
  await dave.rest.delete("/users/me", { current_password: "trunkline1" });
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "This person is not here" }).waitFor();
  await page.getByRole("link", { name: "To all people" }).click();
  await page.getByText("No friends yet.").waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("nothing is in anybody's way, light and dark", async () => {
  await bob.rest.post("/friends", { user_id: alice.userId });
  for (const colorScheme of ["light", "dark"]) {
    const page = await windowOf(browser, here.base, alice, { at: "#/people?tab=requests", colorScheme });
    await button(page, "Accept: Bob Bright").waitFor();
    assert.deepEqual(await faultsOf(page), []);
    await goTo(page, `#/people/${bob.userId}`);
    await button(page, "Accept").waitFor();
    assert.deepEqual(await faultsOf(page), []);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});
