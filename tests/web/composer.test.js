// Where one writes: sending, editing, drafts, files, mentions, emoji, sending later, and what can go wrong with each.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { faultsOf, goTo, launch, person, until, watch, windowOf, world } from "./harness.js";

let here, browser, alice, bob;

before(async () => {
  here = await world();
  browser = await launch();
  alice = await person(here.base, "Alice");
  bob = await person(here.base, "Bob Bobson");
});

after(async () => {
  await browser?.close();
  await here?.end();
});

/** A chat of Bob's in which Alice is, too. */
async function room(title) {
  const chat = await bob.rest.post("/chats", { title });
  await alice.rest.post(`/chats/${chat.id}/join`);
  return chat;
}

const field = (page) => page.locator("tl-composer textarea");
const rows = (page) => page.locator("tl-conversation .message-row");
const said = async (chat) => (await bob.rest.get(`/chats/${chat.id}/messages`, { limit: 50 })).items.reverse();
const textsOf = async (chat) => (await said(chat)).map(({ content }) => content);
const holds = (page, text) => until(`the field holds ${text}`, async () => (await field(page).inputValue()) === text);
const problem = (page, text) => page.locator(".composer-problem").getByText(text).waitFor();
const send = (page) => page.locator("tl-composer").getByRole("button", { name: "Send", exact: true }).click();
const file = (name, bytes = 2_000) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.alloc(bytes, "a") });
const done = (page, count) => until(`${count} files are there`, async () => (await page.locator('.composer-files [data-state="done"]').count()) === count);

/** A picture of one colour, as a browser makes it. */
const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPj/HwADAgH/p6dK1AAAAABJRU5ErkJggg==", "base64");

/** Gives files to the page as if they were dropped or pasted. */
const give = (page, place, event, names) => page.locator(place).first().evaluate((element, [type, names]) => {
  const data = new DataTransfer();
  for (const name of names) data.items.add(new File(["some text"], name, { type: "text/plain" }));
  const more = { bubbles: true, cancelable: true };
  element.dispatchEvent(type === "paste" ? new ClipboardEvent(type, { clipboardData: data, ...more }) : new DragEvent(type, { dataTransfer: data, ...more }));
}, [event, names]);

test("Enter sends, Shift+Enter begins a line, what is being put together is not cut; others see that somebody types", async () => {
  const chat = await room("Writing");
  await bob.connect();
  await bob.open(chat.id);
  const page = await windowOf(browser, here.base, alice, { at: `#/chats/${chat.id}` });
  await field(page).click();
  await send(page);
  await page.keyboard.type("one");
  await until("Bob sees her typing", () => bob.chat(chat.id).typing.includes(alice.userId));
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("two");
  // A word is chosen by Enter where characters are put together.
  const input = await page.context().newCDPSession(page);
  await input.send("Input.imeSetComposition", { text: "ni", selectionStart: 2, selectionEnd: 2 });
  await field(page).evaluate((element) => element.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true })));
  await input.send("Input.insertText", { text: "你" });
  await holds(page, "one\ntwo你");
  const heights = await field(page).evaluate((element) => [element.clientHeight, innerHeight]);
  assert.ok(heights[0] > 44 && heights[0] < heights[1] / 3, "it grows with its lines");
  await page.keyboard.press("Enter");
  await holds(page, "");
  await rows(page).getByText("two你").waitFor();
  await until("it is there", async () => (await textsOf(chat)).at(-1) === "one\ntwo你");
  assert.equal(await field(page).evaluate((element) => element === document.activeElement), true);
  // Nothing that can be seen is nothing to send; what is too long stays.
  await field(page).fill("\u200b \u2060\n");
  await page.keyboard.press("Enter");
  await field(page).fill("😀".repeat(4_000) + "x".repeat(100));
  await page.locator(".composer-counter").getByText("-4").waitFor();
  await page.keyboard.press("Enter");
  await problem(page, "4 characters too long");
  assert.deepEqual(await faultsOf(page, "tl-composer"), []);
  await field(page).fill("😀".repeat(4_096));
  await page.keyboard.press("Enter");
  await holds(page, "");
  await until("all of it is there", async () => (await textsOf(chat)).at(-1) === "😀".repeat(4_096));
  assert.equal((await said(chat)).length, 2, "one entry each");
  assert.deepEqual(page.problems, []);
  await page.context().close();
  bob.close();
});

test("my last message is edited from an empty field; what is edited or replied to is left by Escape, and nothing typed is lost", async () => {
  const chat = await room("Editing");
  const first = await bob.rest.post(`/chats/${chat.id}/messages`, { content: "A question?" });
  await alice.rest.post(`/chats/${chat.id}/messages`, { content: "An anwser" });
  const page = await windowOf(browser, here.base, alice, { at: `#/chats/${chat.id}`, colorScheme: "dark" });
  await rows(page).getByText("An anwser").waitFor();
  await field(page).press("ArrowUp");
  await holds(page, "An anwser");
  await field(page).fill("An answer");
  // A page that goes takes nothing with it.
  await page.reload();
  await holds(page, "An answer");
  assert.deepEqual(await faultsOf(page, "tl-composer"), []);
  await page.context().setOffline(true);
  await field(page).press("Enter");
  await problem(page, "Not saved, the text is still here");
  await holds(page, "An answer");
  await page.context().setOffline(false);
  await field(page).press("Enter");
  await holds(page, "");
  await rows(page).getByText("An answer").waitFor();
  assert.deepEqual(await textsOf(chat), ["A question?", "An answer"]);

  await field(page).fill("half a thought");
  await page.locator("tl-composer").evaluate((composer, message) => composer.edit(message), (await said(chat)).at(-1));
  await holds(page, "An answer");
  await field(page).press("Escape");
  await holds(page, "half a thought");
  await page.locator("tl-composer").evaluate((composer, message) => composer.replyTo(message), first);
  await page.getByText("Reply to Bob Bobson").waitFor();
  await page.reload();
  await page.getByText("Reply to Bob Bobson").waitFor();
  await field(page).press("Escape");
  await page.getByText("Reply to Bob Bobson").waitFor({ state: "hidden" });
  await page.locator("tl-composer").evaluate((composer, message) => composer.replyTo(message), first);
  await field(page).press("Enter");
  await until("the reply is there", async () => (await said(chat)).at(-1).reply_to === first.id);
  // What is recalled cannot be replied to any more; the text stays.
  await field(page).fill("and then");
  await page.locator("tl-composer").evaluate((composer, message) => composer.replyTo(message), first);
  await bob.recall(chat.id, first.id);
  await problem(page, "was recalled");
  await holds(page, "and then");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("a draft belongs to one person and one chat, and outlives the tab, the session and another window", async () => {
  const [one, other] = [await room("Drafts"), await room("Elsewhere")];
  const page = await windowOf(browser, here.base, alice, { at: `#/chats/${one.id}` });
  await field(page).fill("a line that is begun");
  await field(page).evaluate((element) => element.setSelectionRange(2, 6));
  await goTo(page, `#/chats/${other.id}`);
  await holds(page, "");
  await page.locator("tl-chat-list").getByText("a line that is begun").waitFor();
  await goTo(page, `#/chats/${one.id}`);
  await holds(page, "a line that is begun");
  await field(page).focus();
  assert.deepEqual(await field(page).evaluate((element) => [element.selectionStart, element.selectionEnd]), [2, 6]);

  // Another window shows it, goes on with it, and this one follows.
  const second = await page.context().newPage();
  watch(second);
  await second.goto(`${here.base}/#/chats/${one.id}`);
  await holds(second, "a line that is begun");
  await field(second).fill("a line that goes on");
  await holds(page, "a line that goes on");
  // A window that heard nothing of it writes over nothing: the other text is offered.
  const shared = `trunkline.draft:${alice.userId}:${one.id}`;
  await second.evaluate((key) => localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), text: "written elsewhere", version: "elsewhere" })), shared);
  await field(second).fill("written here");
  await second.getByText("written elsewhere").waitFor();
  assert.deepEqual(await faultsOf(second, "tl-composer"), []);
  await second.getByRole("button", { name: "Use that" }).click();
  await holds(second, "written elsewhere");
  await second.getByText("written here", { exact: true }).waitFor();
  await second.getByRole("button", { name: "Leave it" }).click();
  // Sent in one window, it is gone in the other.
  await field(second).press("Enter");
  await holds(second, "");
  await holds(page, "");
  await until("it was sent once", async () => (await textsOf(one)).join() === "written elsewhere");
  await second.close();

  // The session ends while something is being written.
  await field(page).fill("before I go");
  await alice.rest.get("/auth/sessions").then(({ items }) => Promise.all(items.filter(({ current }) => !current).map(({ id }) => alice.rest.delete(`/auth/sessions/${id}`))));
  await page.waitForURL(/sign-in/);
  const signIn = (email) => page.context().request.post(`${here.base}/api/v1/auth/login`, { data: { email, password: "trunkline1" } });
  await signIn(bob.email);
  await page.goto(`${here.base}/#/chats/${one.id}`);
  await page.reload();
  await holds(page, "");
  await page.evaluate(() => localStorage.removeItem(`trunkline:${location.origin}`));
  await signIn(alice.email);
  await page.reload();
  await holds(page, "before I go");
  assert.deepEqual([...page.problems, ...second.problems], []);
  await page.context().close();
});

test("files are uploaded at once, by button, paste and drop; the message waits for them, and those that are refused say why", async () => {
  const [chat, before] = [await room("Files"), await room("Before")];
  const page = await windowOf(browser, here.base, alice, { at: `#/chats/${before.id}` });
  // Whoever is quicker than what uploads files is loaded sends them all the same.
  await field(page).waitFor();
  await page.locator("tl-composer").evaluate((composer) => {
    composer.addFiles([new File(["text"], "quick.txt")]);
    composer.field.value = "quick";
    composer.field.dispatchEvent(new Event("input"));
    composer.field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", cancelable: true }));
  });
  await until("both are there", async () => (await said(before))[0]?.attachments.length === 1);
  await goTo(page, `#/chats/${chat.id}`);
  const uploads = "**/api/v1/uploads";
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach files" }).click();
  await (await choosing).setFiles([{ name: "red.png", mimeType: "image/png", buffer: PICTURE }, file("notes.bin"), file("empty.bin", 0)]);
  await page.locator("tl-composer").evaluate((composer) => composer.addFiles([new File([new ArrayBuffer(25 * 1024 * 1024 + 1)], "huge.bin")]));
  await done(page, 2);
  await page.getByText("This file is empty.").waitFor();
  await page.getByText("Too large: 26.2 MB at most.").waitFor();
  assert.deepEqual(await faultsOf(page, "tl-composer"), []);
  // What is there survives; what never was is gone with the page.
  await page.reload();
  await done(page, 2);
  await give(page, "tl-composer textarea", "paste", ["pasted.txt"]);
  await give(page, ".conversation-main", "dragover", ["dropped.txt"]);
  await page.getByText("Drop files here to attach them").waitFor();
  await give(page, ".conversation-main", "drop", ["dropped.txt"]);
  await page.getByText("Drop files here to attach them").waitFor({ state: "hidden" });
  await done(page, 4);
  await page.getByRole("button", { name: "Remove notes.bin" }).click();
  await field(page).fill("with files");
  await page.keyboard.press("Enter");
  await until("the message has them", async () => (await said(chat)).at(-1)?.attachments.length === 3);
  assert.deepEqual((await said(chat)).at(-1).attachments.map(({ name }) => name).sort(), ["dropped.txt", "pasted.txt", "red.png"]);
  await done(page, 0);

  // The server says no, then yes; the message was asked for meanwhile and goes by itself.
  let answers = [{ status: 429, headers: { "retry-after": "3600" }, json: { code: "too_many_requests", detail: "one person may upload 100 MiB in a day" } }];
  let pass;
  await page.route(uploads, async (route) => {
    const answer = answers.shift();
    if (answer) return route.fulfill(answer);
    await new Promise((resolve) => (pass = resolve));
    return route.continue().catch(() => {});
  });
  await give(page, "tl-composer textarea", "paste", ["slow.txt"]);
  await page.getByText("Not now: one person may upload 100 MiB in a day").waitFor();
  await page.keyboard.press("Enter");
  await problem(page, "A file could not be uploaded");
  await page.getByRole("button", { name: "Upload slow.txt again" }).click();
  await until("it is on its way", () => pass);
  await field(page).fill("sent by itself");
  await page.keyboard.press("Enter");
  await page.getByText("Sent as soon as the files are there.").waitFor();
  assert.equal((await said(chat)).length, 1);
  // Another chat is looked at meanwhile.
  await goTo(page, "#/");
  pass();
  await until("it was sent", async () => (await said(chat)).at(-1).content === "sent by itself");
  assert.equal((await said(chat)).at(-1).attachments[0].name, "slow.txt");
  // One is given up, and ten are the most.
  await goTo(page, `#/chats/${chat.id}`);
  pass = undefined;
  await give(page, "tl-composer textarea", "paste", ["never.txt"]);
  await until("it is on its way", () => pass);
  await page.getByRole("button", { name: "Cancel the upload of never.txt" }).click();
  pass();
  await page.unroute(uploads);
  await give(page, "tl-composer textarea", "paste", Array.from({ length: 12 }, (_, at) => `${at}.txt`));
  await problem(page, "2 were left out");
  await done(page, 10);
  assert.equal((await said(chat)).length, 2);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("people and emoji are completed by the keyboard; an emoji is picked, searched, and remembered", async () => {
  const chat = await room("Names");
  const page = await windowOf(browser, here.base, alice, { at: `#/chats/${chat.id}`, colorScheme: "dark" });
  const { username } = await bob.rest.get("/users/me");
  await field(page).click();
  await page.keyboard.type("mail me@example or ask @bobs");
  const option = page.getByRole("option", { name: "Bob Bobson" });
  await option.waitFor();
  assert.equal(await field(page).getAttribute("aria-activedescendant"), await option.getAttribute("id"));
  assert.deepEqual(await faultsOf(page, "tl-composer"), []);
  await page.keyboard.press("Escape");
  await option.waitFor({ state: "hidden" });
  await page.keyboard.type("on");
  assert.equal(await option.count(), 0, "closed, it stays closed");
  await field(page).fill("");
  await page.keyboard.type("你好@BOB");
  await option.waitFor();
  await page.keyboard.press("Enter");
  await holds(page, `你好@${username} `);
  await page.keyboard.type(":rocke");
  await page.getByRole("option", { name: "rocket" }).waitFor();
  await page.keyboard.press("Tab");
  await holds(page, `你好@${username} 🚀 `);
  // "Undo" knows what was put in.
  await page.keyboard.press("Control+z");
  await holds(page, `你好@${username} :rocke`);

  const picker = page.getByRole("dialog", { name: "Emoji" });
  await field(page).fill("");
  await page.getByRole("button", { name: "Emoji", exact: true }).click();
  await picker.waitFor();
  assert.deepEqual(await faultsOf(page, "tl-emoji-picker"), []);
  await picker.getByRole("button", { name: "Tone of skin: No tone" }).click();
  await picker.getByRole("button", { name: "Medium dark" }).click();
  await picker.getByRole("searchbox").fill("wave");
  await picker.getByRole("button", { name: "waving hand", exact: true }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await holds(page, "👋🏾");
  await page.getByRole("button", { name: "Emoji", exact: true }).click();
  await picker.waitFor();
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "👋🏾", "used last, it is first");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await picker.getByRole("searchbox").fill("кош");
  await picker.getByRole("button", { name: "cat", exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await picker.waitFor({ state: "hidden" });
  await holds(page, "👋🏾");
  await page.keyboard.type("!");
  await holds(page, "👋🏾!");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("on a phone Enter begins a line, the button sends, and the camera is offered", async () => {
  const chat = await room("Phone");
  const page = await windowOf(browser, here.base, alice, { at: `#/chats/${chat.id}`, viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
  await field(page).tap();
  await page.keyboard.type("one");
  await page.keyboard.press("Enter");
  await page.keyboard.type("two");
  await holds(page, "one\ntwo");
  await page.getByRole("button", { name: "Attach files" }).tap();
  await page.getByRole("menuitem", { name: "Take a picture" }).waitFor();
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("menuitem", { name: "Choose files" }).tap();
  await (await choosing).setFiles([file("photo.bin")]);
  await done(page, 1);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.deepEqual(await faultsOf(page, "tl-composer"), []);
  await page.locator("tl-composer").getByRole("button", { name: "Send", exact: true }).tap();
  await until("it is there", async () => (await textsOf(chat)).join() === "one\ntwo");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("a message is sent later: in an hour, or at a time; what waits can be deleted or sent now", async () => {
  const chat = await room("Later");
  const page = await windowOf(browser, here.base, alice, { at: `#/chats/${chat.id}`, timezoneId: "Asia/Shanghai" });
  const clock = page.getByRole("button", { name: "Send later", exact: true });
  const waiting = async () => (await alice.rest.get("/users/me/scheduled")).items;
  await field(page).fill("in an hour");
  await clock.click();
  await page.getByRole("menuitem", { name: "In an hour" }).click();
  await page.getByText("Will be sent").waitFor();
  await holds(page, "");
  assert.ok(Math.abs(Date.parse((await waiting())[0].send_at) - Date.now() - 3_600_000) < 60_000);
  await field(page).fill("at noon there");
  await clock.click();
  await page.getByRole("menuitem", { name: "At a date and time" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("By the clock of Asia/Shanghai").waitFor();
  const day = new Date(Date.now() + 48 * 3_600_000).toISOString().slice(0, 10);
  await dialog.getByLabel("Date and time").fill("2020-01-01T12:00");
  await dialog.getByRole("button", { name: "Send later" }).click();
  await dialog.getByText("Choose a time that is to come").waitFor();
  await dialog.getByLabel("Date and time").fill(`${day}T12:00`);
  await dialog.getByRole("button", { name: "Send later" }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.deepEqual((await waiting()).map(({ send_at }) => send_at).at(-1).slice(0, 16), `${day}T04:00`);
  // An answer that got lost is no second message.
  let lost = true;
  await page.route("**/messages", async (route) => {
    if (!lost || route.request().method() !== "POST") return route.continue();
    lost = false;
    await route.fetch();
    return route.abort();
  });
  await field(page).fill("tomorrow");
  for (const outcome of ["lost", "found"]) {
    await clock.click();
    await page.getByRole("menuitem", { name: "Tomorrow at nine" }).click();
    if (outcome === "lost") await problem(page, "Not sent");
    await holds(page, outcome === "lost" ? "tomorrow" : "");
  }
  assert.equal((await waiting()).length, 3);
  assert.equal((await said(chat)).length, 0);

  await clock.click();
  await page.getByRole("menuitem", { name: "Scheduled messages" }).click();
  await dialog.getByText("at noon there").waitFor();
  assert.deepEqual(await faultsOf(page, "dialog"), []);
  const line = (text) => dialog.getByRole("listitem").filter({ hasText: text });
  await line("tomorrow").getByRole("button", { name: "Delete" }).click();
  await line("tomorrow").waitFor({ state: "detached" });
  await line("in an hour").getByRole("button", { name: "Send to Later now" }).click();
  await until("it was sent", async () => (await textsOf(chat)).join() === "in an hour");
  await line("at noon there").getByRole("button", { name: "Delete" }).click();
  await dialog.getByText("Nothing waits to be sent.").waitFor();
  assert.deepEqual(await waiting(), []);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("who may not write here is told why; and whatever is written is shown as text", async () => {
  const chat = await room("Refused");
  const page = await windowOf(browser, here.base, alice, { at: `#/chats/${chat.id}` });
  const hostile = ['<img src=x onerror="alert(1)">', "‮txet desrever‬", "a​b⁠c", "مرحبا بالعالم", "{{7*7}} ${7*7} <script>alert(1)</script>", "Z̷̢͓̈́algo".repeat(40), "x".repeat(2_000), `${"😀".repeat(3_000)}x`, "`".repeat(3_000), "@a ".repeat(1_000).trim()];
  for (const text of hostile) {
    await field(page).fill(text);
    assert.ok(await page.evaluate(() => document.querySelector(".composer-box").getBoundingClientRect().right <= innerWidth), "it stays in the window");
    await page.keyboard.press("Enter");
    await holds(page, "");
  }
  await until("all of it is there", async () => (await said(chat)).length === hostile.length);
  assert.deepEqual(await textsOf(chat), hostile);
  await rows(page).getByText("<img src=x").waitFor();
  assert.equal(await page.locator("tl-conversation .message-body script, tl-conversation .message-body img[src='x']").count(), 0);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));

  // In a direct chat one of the two may not want to hear any more.
  const direct = await alice.rest.post("/chats/direct", { user_id: bob.userId });
  await bob.rest.put(`/blocks/${alice.userId}`);
  await page.reload();
  await goTo(page, `#/chats/${direct.id}`);
  await field(page).fill("are you there?");
  await page.keyboard.press("Enter");
  await problem(page, "One of you has blocked the other");
  await rows(page).getByText("are you there?").waitFor();
  await bob.rest.delete(`/blocks/${alice.userId}`);
  await goTo(page, `#/chats/${chat.id}`);
  await rows(page).getByText("<img src=x").waitFor();
  await page.route("**/messages", (route) => route.request().method() === "POST"
    ? route.fulfill({ status: 403, json: { code: "banned", detail: "banned" } }) : route.continue());
  await field(page).fill("a last word");
  await page.keyboard.press("Enter");
  await problem(page, "You are banned from this chat");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
