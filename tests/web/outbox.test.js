// Nothing typed is lost: the network goes, the tab is closed, an instance is killed, the session runs out, the machine sleeps.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Network } from "../client/harness.js";
import { Instance, Postgres, goTo, launch, person, until, watch, windowOf } from "./harness.js";

let postgres, instances, network, browser, alice, bob;

before(async () => {
  postgres = await Postgres.start();
  const first = await Instance.start(postgres);
  instances = [first, await Instance.start(postgres)];
  // Through it the first that lives answers.
  network = await Network.to(...instances);
  browser = await launch();
  // Bob has a way of his own.
  [alice, bob] = [await person(instances[1].base, "Alice"), await person(instances[1].base, "Bob")];
});

after(async () => {
  await browser?.close();
  network?.end();
  for (const instance of instances ?? []) await instance.end();
  await postgres?.end();
});

const room = (title) => alice.rest.post("/chats", { title });
const field = (page) => page.locator("tl-composer textarea");
const states = (page) => page.locator(".message-row.is-unsent .message-state");
const textsOf = async (chat) => (await alice.rest.get(`/chats/${chat.id}/messages`, { limit: 100 })).items.reverse().map(({ content }) => content);
const shown = (page) => page.locator(".message-row:not(.is-unsent) .message-text").allTextContents();

/** Writes texts, one after the other. */
async function write(page, ...texts) {
  for (const text of texts) {
    await field(page).fill(text);
    await field(page).press("Enter");
    assert.equal(await field(page).inputValue(), "");
  }
}

/** They are in the chat and in the page, each once and in their order, and nothing waits. */
async function areThere(page, chat, texts) {
  await until("all are sent", async () => (await textsOf(chat)).length >= texts.length);
  assert.deepEqual(await textsOf(chat), texts);
  await until("all are shown", async () => String(await shown(page)) === String(texts));
  assert.equal(await states(page).count(), 0);
}

test("what is typed without a network is sent once and in order, though the tab is closed before it is back", async () => {
  const chat = await room("No network");
  const page = await windowOf(browser, network.base, alice, { at: `#/chats/${chat.id}` });
  await write(page, "before");
  await areThere(page, chat, ["before"]);
  network.cut();
  await write(page, "one", "two", "three");
  await until("they wait, and it can be seen", async () => (await states(page).count()) === 3);
  await field(page).fill("half a line");
  await page.close({ runBeforeUnload: true });
  await until("it is closed", () => page.isClosed());
  network.heal();
  const again = await page.context().newPage();
  watch(again);
  await again.goto(`${network.base}/#/chats/${chat.id}`);
  await areThere(again, chat, ["before", "one", "two", "three"]);
  assert.equal(await field(again).inputValue(), "half a line");
  // Gone again, and back while it is open: nothing is loaded anew.
  await again.evaluate(() => (window.isThis = true));
  network.cut();
  await field(again).fill("");
  await write(again, "four", "five");
  network.heal();
  await areThere(again, chat, ["before", "one", "two", "three", "four", "five"]);
  assert.equal(await again.evaluate(() => window.isThis), true);
  assert.deepEqual([...page.problems, ...again.problems], []);
  await again.context().close();
});

test("what cannot be sent says why, and is sent when it is tried again, behind what was sent meanwhile", async () => {
  const chat = await room("Refused once");
  const page = await windowOf(browser, network.base, alice, { at: `#/chats/${chat.id}` });
  let isRefused = true;
  await page.route("**/messages", (route) => route.request().method() === "POST" && isRefused && route.request().postDataJSON().content === "no"
    ? route.fulfill({ status: 403, json: { code: "forbidden", detail: "the server is in a bad mood" } }) : route.continue());
  await write(page, "no", "yes");
  const failed = page.getByRole("group", { name: "Not sent" });
  await failed.getByText("bad mood").waitFor();
  await until("the next one is sent", async () => (await textsOf(chat)).join() === "yes");
  // It is kept over a reload, as what failed.
  await page.reload();
  await failed.waitFor();
  isRefused = false;
  await failed.getByRole("button", { name: "Try again" }).click();
  await areThere(page, chat, ["yes", "no"]);
  isRefused = true;
  await write(page, "no");
  await failed.getByRole("button", { name: "Discard" }).click();
  await failed.waitFor({ state: "detached" });
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("two windows of one person have one socket, and everything that they write at once is there once", async () => {
  // Of one chat, both would show the same draft.
  const [chat, second] = [await room("Two windows"), await room("The other window")];
  const page = await windowOf(browser, network.base, null);
  const other = await page.context().newPage();
  watch(other);
  let sockets = 0;
  for (const each of [page, other]) each.on("websocket", () => (sockets += 1));
  await page.context().request.post(`${network.base}/api/v1/auth/login`, { data: { email: alice.email, password: "trunkline1" } });
  // Anew: another place on the same page may find out that somebody is signed in before it is loaded again, and open a socket.
  await page.goto("about:blank");
  await page.goto(`${network.base}/#/chats/${chat.id}`);
  await other.goto(`${network.base}/#/chats/${second.id}`);
  await Promise.all([field(page).waitFor(), field(other).waitFor()]);
  const [mine, theirs] = ["a", "b"].map((letter) => Array.from({ length: 6 }, (_, at) => `${letter}${at}`));
  await Promise.all([write(page, ...mine), write(other, ...theirs)]);
  for (const [place, window, texts] of [[chat, page, mine], [second, other, theirs]]) {
    await until("all are sent", async () => (await textsOf(place)).length >= texts.length);
    assert.deepEqual(await textsOf(place), texts);
    await until("all are shown", async () => String(await shown(window)) === String(texts));
  }
  assert.equal(sockets, 1);
  assert.deepEqual([...page.problems, ...other.problems], []);
  await page.context().close();
});

test("the access token runs out, and the machine sleeps: no reload, nothing is lost", async () => {
  const chat = await room("Time passes");
  await bob.rest.post(`/chats/${chat.id}/join`);
  const page = await windowOf(browser, network.base, alice, { at: `#/chats/${chat.id}` });
  await write(page, "awake");
  await areThere(page, chat, ["awake"]);
  await page.evaluate(() => (window.isThis = true));
  // The token of the access is gone, as if its time were over; a file meets that, too.
  await page.context().clearCookies({ name: "access_token" });
  await write(page, "later");
  await areThere(page, chat, ["awake", "later"]);
  await page.context().clearCookies({ name: "access_token" });
  await page.locator("tl-composer").evaluate((composer) => composer.addFiles([new File(["text"], "late.txt")]));
  await page.locator('.composer-files [data-state="done"]').waitFor();
  await page.getByRole("button", { name: "Remove late.txt" }).click();

  const machine = await page.context().newCDPSession(page);
  await field(page).fill("before I slept");
  await machine.send("Page.setWebLifecycleState", { state: "frozen" });
  network.cut();
  await bob.rest.post(`/chats/${chat.id}/messages`, { content: "are you there?" });
  network.heal();
  await machine.send("Page.setWebLifecycleState", { state: "active" });
  await field(page).press("Enter");
  await areThere(page, chat, ["awake", "later", "are you there?", "before I slept"]);
  assert.equal(await page.evaluate(() => window.isThis), true);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("an instance is killed while messages are being sent, and another one answers: each is there once, in order", async () => {
  const chat = await room("Killed");
  const page = await windowOf(browser, network.base, alice, { at: `#/chats/${chat.id}` });
  await field(page).waitFor();
  network.delayMs = 40;
  const texts = Array.from({ length: 12 }, (_, at) => `number ${at}`);
  const writing = write(page, ...texts);
  await until("some are sent", async () => (await textsOf(chat)).length >= 2);
  await instances[0].end("SIGKILL");
  await writing;
  network.delayMs = 0;
  await areThere(page, chat, texts);
  // Those behind the instance that lives hear the rest.
  await bob.rest.post(`/chats/${chat.id}/join`);
  await bob.rest.post(`/chats/${chat.id}/messages`, { content: "all of it" });
  await page.locator(".message-text").getByText("all of it").waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
