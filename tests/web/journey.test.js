// Two people in two windows on two instances, and what happens to instances and networks under them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Network } from "../client/harness.js";
import { Instance, Postgres, goTo, launch, person, until, windowOf } from "./harness.js";

let postgres, one, other, toOne, toOther, browser, alice, bob, room;

before(async () => {
  postgres = await Postgres.start();
  one = await Instance.start(postgres);
  other = await Instance.start(postgres);
  toOne = await Network.to(one, other);
  toOther = await Network.to(other, one);
  browser = await launch();
  alice = await person(one.base, "Alice");
  bob = await person(one.base, "Bob");
  room = (await alice.rest.post("/chats", { title: "The room" })).id;
  await bob.rest.post(`/chats/${room}/join`);
});

after(async () => {
  await browser?.close();
  for (const each of [one, other]) await each?.end();
  await postgres?.end();
  for (const each of [toOne, toOther]) each?.end();
});

const says = async (page, text) => {
  const field = page.locator("tl-composer textarea");
  await field.fill(text);
  await field.press("Enter");
};
const reads = (page, text) => page.locator("tl-history").getByText(text, { exact: true }).first().waitFor();

/** What is shown of a conversation, in its order, without what is beside the words. */
const shown = (page, texts) => page.evaluate((wanted) => {
  const all = document.querySelector("tl-history").innerText.split("\n");
  return all.filter((line) => wanted.includes(line));
}, texts);

test("they talk, and go on when the instance of one is killed", async () => {
  const hers = await windowOf(browser, toOne.base, alice, { at: `#/chats/${room}` });
  const his = await windowOf(browser, toOther.base, bob, { at: `#/chats/${room}` });
  await says(hers, "first");
  await reads(his, "first");
  await says(his, "second");
  await reads(hers, "second");
  await one.end();
  await says(hers, "third, without an instance");
  await reads(his, "third, without an instance");
  await says(his, "fourth");
  await reads(hers, "fourth");
  const texts = ["first", "second", "third, without an instance", "fourth"];
  for (const page of [hers, his]) {
    assert.deepEqual(await shown(page, texts), texts, "once and in order, without a reload");
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});

test("what is written without a network is shown as waiting, and sent once when it is back", async () => {
  const hers = await windowOf(browser, toOther.base, alice, { at: `#/chats/${room}` });
  await reads(hers, "fourth");
  toOther.cut();
  await says(hers, "into the dark");
  await reads(hers, "into the dark");
  await hers.locator(".banner").waitFor();
  await bob.rest.post(`/chats/${room}/messages`, { content: "meanwhile" }).catch(() => {});
  toOther.heal();
  await until("it has arrived", async () => {
    const { items } = await (await fetchAs(bob, `/chats/${room}/messages?limit=5`)).json();
    return items.filter(({ content }) => content === "into the dark").length === 1;
  });
  await hers.locator(".banner").waitFor({ state: "hidden" });
  assert.deepEqual(await shown(hers, ["into the dark"]), ["into the dark"]);
  assert.deepEqual(hers.problems, []);
  await hers.context().close();
});

test("whoever is signed out elsewhere is led to signing in, and comes back to where they were", async () => {
  const hers = await windowOf(browser, toOther.base, alice, { at: `#/chats/${room}` });
  await reads(hers, "fourth");
  await hers.context().request.post(`${toOther.base}/api/v1/auth/logout`);
  await hers.waitForURL(/#\/sign-in/);
  await hers.getByLabel(/e-mail/i).fill(alice.email);
  await hers.getByLabel("Password", { exact: true }).fill("trunkline1");
  await hers.locator("form button[type=submit]").click();
  await hers.waitForURL(new RegExp(`#/chats/${room}`));
  await reads(hers, "fourth");
  assert.deepEqual(hers.problems, []);
  await hers.context().close();
});

test("every page opens, and the console says nothing", async () => {
  const page = await windowOf(browser, toOther.base, alice);
  for (const address of ["/", "/discover", "/people", `/people/${bob.userId}`, "/notifications", "/account", "/events", "/events/new", "/tickets", "/posts", "/posts/new", "/nowhere", "/chats/no-such-chat"]) {
    await goTo(page, `#${address}`);
    await until(`${address} is shown`, () => page.evaluate(() => document.querySelector("main").innerText.trim().length > 0));
    await page.waitForLoadState("networkidle");
    assert.deepEqual(page.problems, [], address);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${address} is as wide as the window`);
  }
  await page.context().close();
});

/** Asks an instance that is still there. */
async function fetchAs(who, path) {
  const login = await fetch(`${other.base}/api/v1/auth/login`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ email: who.email, password: "trunkline1" }),
  });
  const { access_token } = await login.json();
  return fetch(`${other.base}/api/v1${path}`, { headers: { authorization: `Bearer ${access_token}` } });
}
