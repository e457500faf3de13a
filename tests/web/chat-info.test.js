// What there is to know of a chat, and to do with it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { faultsOf, launch, person, until, windowOf, world } from "./harness.js";

let here, browser, alice, bob, carol, room;

before(async () => {
  here = await world();
  browser = await launch();
  alice = await person(here.base, "Alice");
  bob = await person(here.base, "Bob");
  carol = await person(here.base, "Carol");
  room = await alice.rest.post("/chats", { title: "Garden", visibility: "private" });
  await alice.rest.post(`/chats/${room.id}/members`, { user_id: bob.userId });
});

after(async () => {
  await browser?.close();
  await here?.end();
});

/** A window with a chat and its panel. */
async function panelOf(who, chat, options = {}) {
  const page = await windowOf(browser, here.base, who, { at: `#/chats/${chat.id}`, ...options });
  await page.getByRole("button", { name: "About this chat" }).first().click();
  const panel = page.locator("tl-chat-info");
  await panel.locator(".info-about h3").waitFor();
  return { page, panel };
}

const member = (panel, name) => panel.locator(".info-list li", { hasText: name });
const choose = async (page, panel, name, what) => {
  await panel.getByRole("button", { name: `What to do with ${name}` }).click();
  await page.getByRole("menuitem", { name: what }).click();
};
const yes = (page, action) => page.getByRole("dialog").getByRole("button", { name: action }).click();
const unfold = (panel, title) => panel.locator("summary").getByText(title, { exact: true }).click();

test("a creator changes what a chat is; what is wrong is said, and others see it at once", async () => {
  await bob.rest.post("/chats", { title: "Roses" });
  const { page, panel } = await panelOf(alice, room);
  const his = await panelOf(bob, room);
  assert.equal(await his.panel.getByRole("button", { name: "Edit" }).count(), 0, "a member changes nothing");
  await panel.getByRole("button", { name: "Edit" }).click();
  await panel.getByLabel("Title").fill("roses");
  await panel.getByLabel("Description").fill("What grows");
  await panel.getByLabel("Who may find it").selectOption("public");
  await panel.getByRole("button", { name: "Save" }).click();
  await panel.getByText("There is a public chat with this title.").waitFor();
  assert.equal(await panel.getByLabel("Description").inputValue(), "What grows");
  assert.deepEqual(await faultsOf(page, "tl-chat-info"), []);
  await panel.getByLabel("Title").fill("Rose garden");
  await panel.getByLabel("Days for which").fill("30");
  await panel.getByRole("button", { name: "Save" }).click();
  await his.panel.getByText("Rose garden").waitFor();
  await his.panel.getByText("What grows").waitFor();
  await panel.getByText("Messages kept for 30 days").waitFor();
  assert.equal((await alice.rest.get(`/chats/${room.id}`)).retention_days, 30);

  await choose(page, panel, "Bob", "Make an admin");
  await his.panel.getByRole("button", { name: "Edit" }).waitFor();
  await member(panel, "Bob").getByText("Admin").waitFor();
  for (const each of [page, his.page]) {
    assert.deepEqual(each.problems, []);
    await each.context().close();
  }
});

test("people are added, banned and let in again; who has blocked the other is told of", async () => {
  const dave = await person(here.base, "Dave");
  await dave.rest.put(`/blocks/${alice.userId}`);
  const { page, panel } = await panelOf(alice, room);
  await panel.getByRole("button", { name: "Add people" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name or username").fill("carol");
  await dialog.getByRole("button", { name: "Add: Carol" }).click();
  await page.getByText("Carol is in the chat now.").waitFor();
  await member(panel, "Carol").waitFor({ state: "attached" });
  await dialog.getByLabel("Name or username").fill("dave");
  await dialog.getByRole("button", { name: "Add: Dave" }).click();
  await page.getByText("Dave cannot be added: one of you has blocked the other.").waitFor();
  await page.keyboard.press("Escape");
  await panel.getByText("3 members").waitFor();

  await choose(page, panel, "Carol", "Ban");
  await yes(page, "Ban");
  await until("Carol is out", async () => (await member(panel, "Carol").count()) === 0);
  await panel.getByText("2 members").waitFor();
  await assert.rejects(carol.rest.post(`/chats/${room.id}/join`), { code: "banned" });
  await unfold(panel, "Banned");
  await panel.getByRole("button", { name: "Lift the ban" }).click();
  await yes(page, "Lift the ban");
  await panel.getByText("Nobody is banned.").waitFor();
  await carol.rest.post(`/chats/${room.id}/join`);
  await member(panel, "Carol").waitFor();
  await choose(page, panel, "Carol", "Remove");
  await yes(page, "Remove");
  await until("Carol is out again", async () => (await member(panel, "Carol").count()) === 0);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("invites, webhooks and hooks: what is shown once can be copied, and all of them can be ended", async () => {
  const { page, panel } = await panelOf(alice, room, { permissions: ["clipboard-read", "clipboard-write"] });
  await unfold(panel, "Invites");
  await panel.getByRole("button", { name: "Make a link" }).click();
  const link = panel.getByRole("textbox", { name: "Link of the invite" });
  await link.waitFor();
  await panel.getByRole("button", { name: "Copy" }).click();
  await page.getByText("Copied.").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await link.inputValue());
  const token = (await link.inputValue()).split("/#/invites/")[1];
  await panel.getByText("Used 0 of 1 times").waitFor();
  await panel.getByRole("button", { name: "Withdraw" }).click();
  await yes(page, "Withdraw");
  await panel.getByText("No invite is open.").waitFor();
  await assert.rejects(carol.rest.post(`/invites/${token}/accept`), { status: 404 });

  await unfold(panel, "Webhooks");
  await panel.getByLabel("Address").fill("http://127.0.0.1:9/");
  await panel.getByRole("button", { name: "Add the webhook" }).click();
  await panel.getByText("This server does not send to private addresses.").waitFor();
  await panel.getByLabel("Address").fill("https://192.0.2.1/hook");
  await panel.getByRole("button", { name: "Add the webhook" }).click();
  await panel.getByText(/Secret|private addresses/).first().waitFor();

  await unfold(panel, "Hooks");
  await panel.getByLabel("Name", { exact: true }).fill("Build server");
  await panel.getByRole("button", { name: "Make an address" }).click();
  const url = await panel.getByRole("textbox", { name: "Address to post to" }).inputValue();
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ text: "It is green" }) });
  assert.equal(answer.status, 200);
  await page.locator("tl-history").getByText("It is green").first().waitFor();
  assert.deepEqual(await faultsOf(page, "tl-chat-info"), []);
  await member(panel, "Build server").getByRole("button", { name: "Delete" }).click();
  await yes(page, "Delete");
  await until("it is gone", async () => (await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: "{\"text\":\"x\"}" })).status === 404);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("the other one of a direct chat: friend, block, mute", async () => {
  const direct = await alice.rest.post("/chats/direct", { user_id: bob.userId });
  const { page, panel } = await panelOf(alice, direct, { colorScheme: "dark" });
  await panel.getByRole("button", { name: "Add as a friend" }).click();
  await panel.getByRole("button", { name: "Withdraw the friend request" }).waitFor();
  await panel.getByRole("button", { name: "Mute" }).click();
  await page.getByRole("menuitem", { name: "Mute until I end it" }).click();
  await panel.getByText("Muted until you end it.").waitFor();
  assert.deepEqual(await faultsOf(page, "tl-chat-info"), []);
  await panel.getByRole("button", { name: "Unmute" }).click();
  await panel.getByText("You are told of replies and mentions.").waitFor();
  await panel.getByRole("button", { name: "Block" }).click();
  await yes(page, "Block");
  await panel.getByRole("button", { name: "Unblock" }).click();
  await panel.getByRole("button", { name: "Add as a friend" }).waitFor();
  await panel.getByRole("button", { name: "Close" }).click();
  await panel.waitFor({ state: "detached" });
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("a chat is handed over, left, cleared and deleted, by who is sure", async () => {
  const { page, panel } = await panelOf(alice, room, { viewport: { width: 390, height: 800 }, colorScheme: "dark" });
  assert.deepEqual(await faultsOf(page, "tl-chat-info"), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  const his = await panelOf(bob, room);
  await panel.getByText("Before you can leave").waitFor();
  await choose(page, panel, "Bob", "Hand the chat over");
  await yes(page, "Hand the chat over");
  await panel.getByRole("button", { name: "Leave" }).click();
  await yes(page, "Leave");
  await page.getByRole("heading", { name: "Chats" }).waitFor();

  await bob.rest.post(`/chats/${room.id}/messages`, { content: "To be forgotten" });
  await his.page.locator("tl-history").getByText("To be forgotten").first().waitFor();
  await his.panel.getByRole("button", { name: "Clear the room" }).click();
  await yes(his.page, "Clear the room");
  await until("it is cleared", async () => (await his.page.locator("tl-history").getByText("To be forgotten").count()) === 0);
  await his.panel.getByRole("button", { name: "Delete the chat" }).click();
  const dialog = his.page.getByRole("dialog");
  assert.equal(await dialog.getByRole("button", { name: "Delete the chat" }).isDisabled(), true);
  await dialog.getByLabel("To be sure").fill("Rose garden");
  await dialog.getByRole("button", { name: "Delete the chat" }).click();
  await his.page.getByText("Choose a chat to read it here.").waitFor();
  await assert.rejects(bob.rest.get(`/chats/${room.id}`), { status: 404 });
  for (const each of [page, his.page]) {
    assert.deepEqual(each.problems, []);
    await each.context().close();
  }
});
