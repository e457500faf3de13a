// A conversation: what is said and done in it, by the mouse, by the keys alone, and when the server says no.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { faultsOf, goTo, launch, person, until, windowOf, world } from "./harness.js";

let scene, browser, alice, bob, room, page;

before(async () => {
  scene = await world();
  browser = await launch();
  [alice, bob] = [await person(scene.base, "Alice"), await person(scene.base, "Bob")];
  room = (await alice.rest.post("/chats", { title: "Harbour" })).id;
  await bob.rest.post(`/chats/${room}/join`);
  page = await windowOf(browser, scene.base, alice, { at: `#/chats/${room}` });
});

after(async () => {
  await browser?.close();
  await scene?.end();
});

const says = (who, content, more = {}) => who.rest.post(`/chats/${room}/messages`, { content, ...more });
const row = (text) => page.locator(".message-row", { hasText: text });

test("what is said is shown with its links, code and mentions, and never as markup", async () => {
  const { username } = await alice.rest.get("/users/me");
  await says(bob, `@${username} see https://example.com/a?b=1, and <img src=x onerror=alert(1)> \`let x\`\n\`\`\`\ntwo\nlines\n\`\`\``);
  const text = row("see https");
  await text.waitFor();
  const link = text.locator("a[href='https://example.com/a?b=1']");
  assert.equal(await link.getAttribute("rel"), "noreferrer noopener");
  assert.equal(await text.locator(".mention.is-me").getAttribute("href"), `#/people/${alice.userId}`);
  assert.equal(await text.locator("code").textContent(), "let x");
  assert.equal(await text.locator("pre").textContent(), "two\nlines");
  assert.equal(await text.locator(".message-text img").count(), 0);
  // A screen reader is told of it.
  await says(bob, "heard by everybody");
  await page.locator("[role=log] p", { hasText: "Bob: heard by everybody" }).waitFor({ state: "attached" });
});

test("edits, recalls, reactions and read marks are shown as they happen", async () => {
  const first = await says(bob, "the first word");
  await row("the first word").waitFor();
  await bob.rest.patch(`/chats/${room}/messages/${first.id}`, { content: "another word" });
  await row("another word").locator(".message-edited").waitFor();
  await bob.rest.put(`/chats/${room}/messages/${first.id}/reactions/${encodeURIComponent("👍")}`);
  const chip = row("another word").locator(".reaction");
  await chip.waitFor();
  assert.equal(await chip.getAttribute("title"), "Bob");
  await chip.click();
  await page.waitForFunction(() => document.querySelector(".reaction")?.getAttribute("aria-pressed") === "true");
  assert.equal((await bob.rest.get(`/chats/${room}/messages/${first.id}`)).reactions[0].count, 2);
  assert.equal(await page.evaluate(() => document.activeElement.className), "reaction", "one can press it again");
  await says(alice, "have you read this?");
  await bob.rest.put(`/chats/${room}/read`, { seq: 1e9 });
  await row("have you read this?").locator(".readers[aria-label*=Bob]").waitFor();
  await bob.rest.delete(`/chats/${room}/messages/${first.id}`);
  await page.locator(".is-recalled").waitFor();
  assert.equal(await page.locator("[role=log] p", { hasText: "the first word" }).count(), 0);
  assert.equal(await row("another word").count(), 0);
});

test("by the keys alone one moves through messages, edits and recalls one's own", async () => {
  await says(alice, "mine to change");
  await row("mine to change").waitFor();
  await row("mine to change").focus();
  await page.keyboard.press("ArrowUp");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /have you read this/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator("[role=menuitem]", { hasText: "Copy link" }).waitFor();
  await page.keyboard.press("Escape");
  await row("mine to change").focus();
  await page.keyboard.press("Delete");
  await page.locator("dialog.question").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  await row("mine to change").focus();
  await page.keyboard.press("Delete");
  await page.locator("dialog.question .button.danger").click();
  await row("mine to change").waitFor({ state: "detached" });
});

test("a reply shows what it answers, and goes there", async () => {
  const old = await says(bob, "where it began");
  for (let n = 0; n < 60; n += 1) await says(n % 2 ? alice : bob, `in between ${n}`);
  await says(bob, "about that", { reply_to: old.id });
  const quote = row("about that").locator(".message-quote");
  await quote.waitFor();
  await quote.click();
  const found = page.locator(".message-row.is-marked", { hasText: "where it began" });
  await found.waitFor();
  // Who is far from the end stays there when they say something, and are told where it is.
  await page.locator("tl-composer textarea").focus();
  await page.keyboard.type("said from afar");
  await page.keyboard.press("Enter");
  await page.locator(".history-present", { hasText: "1 new message" }).click();
  await row("said from afar").waitFor();
  await page.locator(".history-present").waitFor({ state: "hidden" });
  // What is recalled is not to be read anywhere any more.
  await bob.rest.delete(`/chats/${room}/messages/${old.id}`);
  await page.locator(".message-quote", { hasText: "was recalled" }).waitFor();
});

test("what cannot be sent says why, and can be sent again or given up", async () => {
  await bob.rest.put(`/chats/${room}/read`, { seq: 1e9 });
  // Nothing reaches the server.
  await page.context().setOffline(true);
  await page.evaluate(() => document.querySelector("tl-composer textarea").focus());
  await page.keyboard.type("kept until then");
  await page.keyboard.press("Enter");
  await row("kept until then").locator(".message-state").waitFor();
  await page.context().setOffline(false);
  await row("kept until then").locator(".message-state").waitFor({ state: "detached" });
  await until("Bob has it", async () => (await bob.rest.get(`/chats/${room}/messages`, { limit: 5 })).items.some(({ content }) => content === "kept until then"));

  // The server says no: a reply to what is in no such chat.
  await page.route("**/api/v1/chats/*/messages", (route) => route.request().method() !== "POST" ? route.continue() : route.fulfill({
    status: 409, contentType: "application/problem+json",
    body: JSON.stringify({ type: "about:blank", title: "Conflict", status: 409, code: "conflict", detail: "the harbour is closed" }),
  }));
  await page.keyboard.type("refused word");
  await page.keyboard.press("Enter");
  const failed = row("refused word").locator(".is-failed");
  await failed.waitFor();
  assert.match(await failed.textContent(), /harbour is closed/);
  await page.unroute("**/api/v1/chats/*/messages");
  await failed.getByRole("button", { name: "Try again" }).click();
  await failed.waitFor({ state: "detached" });
  await until("Bob has it", async () => (await bob.rest.get(`/chats/${room}/messages`, { limit: 5 })).items.some(({ content }) => content === "refused word"));
});

test("pins are set by who may, listed, and lead to their place", async () => {
  const target = page.locator(".message-row", { hasText: "about that" });
  await target.hover();
  await target.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Pin" }).click();
  await page.locator(".message-row.is-pinned", { hasText: "about that" }).waitFor();
  await page.getByRole("button", { name: "Pinned messages" }).click();
  await page.locator("tl-pins .search-found", { hasText: "about that" }).click();
  await page.locator(".is-marked", { hasText: "about that" }).waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await page.locator("tl-pins").getByRole("button", { name: "Close" }).click();
  await page.locator("tl-pins").waitFor({ state: "detached" });
});

test("a search marks its words and leads to the place, with history on both sides", async () => {
  await page.getByRole("button", { name: "Search in this chat" }).click();
  await page.locator("tl-message-search input[type=search]:focus").waitFor();
  await page.keyboard.type("in between 30");
  const found = page.locator(".search-found", { hasText: "in between 30" });
  await found.waitFor();
  assert.deepEqual(await found.locator("mark").allTextContents(), ["in", "between", "30"]);
  await found.click();
  await page.locator(".is-marked", { hasText: "in between 30" }).waitFor();
  await row("in between 29").waitFor();
  await row("in between 31").waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await page.getByRole("radio", { name: "All chats" }).check({ force: true });
  await page.locator(".search-found-chat", { hasText: "Harbour" }).first().waitFor();
  await page.keyboard.press("Escape");
  await page.locator("tl-message-search").waitFor({ state: "detached" });
});

test("pictures keep their place free and open in full size", async () => {
  const png = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(800, 400);
    canvas.getContext("2d").fillRect(0, 0, 400, 200);
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  });
  const files = [];
  for (const name of ["one.png", "two.png"]) files.push((await bob.upload(new Blob([new Uint8Array(png)], { type: "image/png" }), name)).id);
  const text = (await bob.upload(new Blob(["plain words"], { type: "text/plain" }), "notes.txt")).id;
  await says(bob, "some files", { attachments: [...files, text] });
  await page.evaluate(() => document.querySelector("tl-history").toPresent());
  const picture = row("some files").locator(".message-picture").first();
  await picture.waitFor();
  const box = await picture.boundingBox();
  assert.ok(Math.abs(box.width - 320) <= 1 && Math.abs(box.height - 160) <= 1, JSON.stringify(box));
  assert.match(await row("some files").locator(".message-file").textContent(), /notes\.txt.*11/);
  await picture.click();
  const viewer = page.locator("dialog.viewer");
  await viewer.waitFor();
  assert.match(await viewer.textContent(), /one\.png.*1 of 2/s);
  await page.keyboard.press("ArrowRight");
  assert.match(await viewer.textContent(), /two\.png/);
  assert.deepEqual(await faultsOf(page), []);
  await page.keyboard.press("Escape");
  await viewer.waitFor({ state: "detached" });
});

test("what came while one was away begins with a divider, and is read when it is seen", async () => {
  await goTo(page, "#/");
  await page.locator("tl-conversation").waitFor({ state: "detached" });
  for (let n = 0; n < 40; n += 1) await says(bob, `while away ${n}`);
  await goTo(page, `#/chats/${room}`);
  const divider = page.locator(".divider.is-new");
  await divider.waitFor();
  assert.match(await page.locator(".message-row:has(.divider.is-new)").textContent(), /while away 0/);
  const [line, view] = [await divider.boundingBox(), await page.locator(".history-view").boundingBox()];
  assert.ok(line.y >= view.y && line.y < view.y + 120, "it stands at the upper edge");
  const mark = async () => (await alice.rest.all("/chats", {})).find(({ id }) => id === room);
  await until("what was in view is read", async () => (await mark()).unread_count < 40);
  assert.ok((await mark()).unread_count > 0, "and what was not in view is not");
  await page.locator(".history-present").click();
  await until("all is read", async () => (await mark()).unread_count === 0);
  // It stays until the chat is left.
  await page.evaluate(() => (document.querySelector(".history-view").scrollTop -= 1500));
  await divider.waitFor();
});

test("one comes back to where one was", async () => {
  const place = () => page.evaluate(() => {
    const view = document.querySelector(".history-view").getBoundingClientRect();
    const found = [...document.querySelectorAll(".message-row")].find((each) => each.lastElementChild.getBoundingClientRect().top >= view.top);
    return { seq: found?.dataset.seq, top: Math.round(found?.lastElementChild.getBoundingClientRect().top) };
  });
  await page.evaluate(() => (document.querySelector(".history-view").scrollTop -= 400));
  await page.waitForFunction(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)))));
  const before = await place();
  const other = (await alice.rest.post("/chats", { title: "Elsewhere" })).id;
  await goTo(page, `#/chats/${other}`);
  await page.locator("h1", { hasText: "Elsewhere" }).waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await goTo(page, `#/chats/${room}`);
  await row("while away").first().waitFor();
  assert.deepEqual(await place(), before);
});

test("who is not in a public chat reads along, and joins", async () => {
  const open = (await bob.rest.post("/chats", { title: "Open house" })).id;
  for (let n = 0; n < 70; n += 1) await bob.rest.post(`/chats/${open}/messages`, { content: `for all ${n}` });
  await goTo(page, `#/chats/${open}`);
  await row("for all 69").waitFor();
  assert.equal(await page.locator("tl-composer").count(), 0);
  await page.evaluate(() => (document.querySelector(".history-view").scrollTop = 0));
  await row("for all 0").first().waitFor({ state: "attached" });
  assert.deepEqual(await faultsOf(page), []);
  await page.getByRole("button", { name: "Join" }).click();
  await page.locator("tl-composer").waitFor();
  const secret = (await bob.rest.post("/chats", { title: "Closed", visibility: "private" })).id;
  await goTo(page, `#/chats/${secret}`);
  await page.getByText("This chat does not exist").waitFor();
  // Who is let in sees it, and who is put out does not any more.
  await bob.rest.post(`/chats/${secret}/members`, { user_id: alice.userId });
  await page.locator("h1", { hasText: "Closed" }).waitFor();
  await page.locator("tl-composer").waitFor();
  await bob.rest.delete(`/chats/${secret}/members/${alice.userId}`);
  await page.getByText("This chat does not exist").waitFor();
});

test("what comes while nobody looks at the page is not read, and is divided from the rest", async () => {
  await goTo(page, `#/chats/${room}`);
  await page.locator(".message-row").first().waitFor();
  await page.evaluate(() => document.querySelector("tl-history").toPresent());
  const mark = async () => (await alice.rest.all("/chats", {})).find(({ id }) => id === room);
  await until("all is read", async () => (await mark()).unread_count === 0);
  const turn = (state) => page.evaluate((value) => {
    Object.defineProperty(document, "visibilityState", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
  await turn("hidden");
  await says(bob, "said to nobody");
  await page.locator(".message-row:has(.divider.is-new)", { hasText: "said to nobody" }).waitFor();
  assert.equal((await mark()).unread_count, 1);
  await turn("visible");
  await until("it is read", async () => (await mark()).unread_count === 0);
  await page.locator(".message-row:has(.divider.is-new)", { hasText: "said to nobody" }).waitFor();
});

test("with one person one sees whether they are there, and that they type", async () => {
  const { id } = await alice.rest.post("/chats/direct", { user_id: bob.userId });
  await goTo(page, `#/chats/${id}`);
  const state = page.locator(".conversation-state");
  await bob.connect();
  await state.getByText("online", { exact: true }).waitFor();
  bob.typing(id);
  await state.getByText("Bob is typing …").waitFor();
  await bob.rest.post(`/chats/${id}/messages`, { content: "between us" });
  await row("between us").waitFor();
  await state.getByText("online", { exact: true }).waitFor();
  bob.close();
  await page.keyboard.press("Escape");
  await page.locator("h1", { hasText: "Bob" }).waitFor();
});

test("a long press opens what can be done", async () => {
  await goTo(page, `#/chats/${room}`);
  const target = row("some files").last();
  await target.waitFor();
  await target.locator(".message-text").scrollIntoViewIfNeeded();
  await target.locator(".message-text").evaluate((text) => {
    const at = text.getBoundingClientRect();
    text.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, pointerType: "touch", clientX: at.x + 5, clientY: at.y + 5 }));
  });
  await page.getByRole("menuitem", { name: "Reply" }).click();
  await page.locator("tl-composer .composer-context", { hasText: "some files" }).waitFor();
  await page.locator("tl-composer textarea").press("Escape");
});

test("light and dark, wide and narrow, nothing is wrong with the page, and the console is silent", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1200, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await goTo(page, `#/chats/${room}`);
      await row("while away").first().waitFor();
      assert.deepEqual(await faultsOf(page, "tl-conversation"), [], `${colorScheme} ${width}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.querySelector(".history-view").scrollWidth <= document.querySelector(".history-view").clientWidth));
    }
  }
  assert.deepEqual(page.problems, []);
});
