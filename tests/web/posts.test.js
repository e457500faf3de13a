// Posts and comments: writing that survives everything, text that stays text, and a list that goes on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { faultsOf, goTo, launch, person, until, windowOf, world } from "./harness.js";

let here, browser, alice, bob, carol;
const windows = [];

before(async () => {
  here = await world();
  browser = await launch();
  [alice, bob, carol] = await Promise.all([person(here.base, "Alice"), person(here.base, "Bob"), person(here.base, "Carol")]);
});

after(async () => {
  await browser?.close();
  await here?.end();
});

async function open(who, at, options = {}) {
  const page = await windowOf(browser, here.base, who, { at, ...options });
  windows.push(page);
  return page;
}

/** Scrolls to the end of what is there. */
const toEnd = (page) => page.locator(".page").evaluate((element) => void (element.scrollTop = element.scrollHeight));
const countOf = async (who) => (await who.rest.get("/posts", { owner_id: who.userId })).total;

test("what is written survives a reload, a server that says no, and a network that goes away, and is published once", async () => {
  const page = await open(alice, "#/posts");
  await page.getByText("Nobody has written a post yet.").waitFor();
  await page.getByRole("link", { name: "Write a post" }).first().click();
  await page.getByLabel("Text", { exact: true }).fill("The kitchen is open.\nBring a cup.\n\nSee https://example.com/kitchen.");
  await page.getByText("67 of 65,536 characters").waitFor();
  await page.reload();
  await page.getByText("What you had begun to write is still here.").waitFor();
  await page.getByRole("button", { name: "Publish" }).click();
  await page.locator("[data-field=title] .field-error:not(:empty)").waitFor();
  assert.match(await page.getByLabel("Text", { exact: true }).inputValue(), /Bring a cup/);
  await page.getByLabel("Title").fill("The kitchen");

  // The server does it, and the answer gets lost.
  let attempts = 0;
  await page.route("**/api/v1/posts", async (route) => {
    if (route.request().method() !== "POST" || ++attempts > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByText("The server cannot be reached.").waitFor();
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByRole("heading", { name: "The kitchen" }).waitFor();
  assert.deepEqual([attempts, await countOf(alice)], [2, 1]);
  const link = page.getByRole("link", { name: "https://example.com/kitchen" });
  assert.equal(await link.getAttribute("rel"), "noreferrer noopener");
  assert.equal(await page.locator(".post-whole p").count(), 2);

  await page.getByRole("button", { name: "What can be done with this post" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await page.getByLabel("Title").fill("The new kitchen");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "The new kitchen" }).waitFor();
  await page.getByText(/^edited /).waitFor();
  await goTo(page, "#/posts/new");
  await page.getByLabel("Title").waitFor();
  assert.equal(await page.getByLabel("Title").inputValue(), "");
});

test("text stays text, whatever it looks like", async () => {
  const content = "<img src=x onerror=alert(1)> <b>bold</b>\njavascript:alert(1) https://example.com/a_(b)). data:text/html,x\n\n\n  http://[bad";
  const post = await bob.rest.post("/posts", { title: "<i>Signs</i>", content });
  await bob.rest.post(`/posts/${post.id}/comments`, { content: "<script>alert(1)</script> http://example.org/?q=<b>" });
  const page = await open(alice, `#/posts/${post.id}`);
  await page.getByRole("heading", { name: "<i>Signs</i>" }).waitFor();
  await page.getByText("<script>alert(1)</script>").waitFor();
  const links = await page.locator("article a[target], .comment a[target]").evaluateAll((all) => all.map(({ href }) => href));
  assert.deepEqual(links, ["https://example.com/a_(b)", "http://example.org/?q="]);
  assert.equal(await page.locator("article :is(img, b, i), .comment :is(script, b)").count(), 0);
});

test("the list goes on while one scrolls, shows the beginning of what is long, and is where it was when one comes back", async () => {
  for (let number = 1; number <= 24; number += 1) await carol.rest.post("/posts", { title: `Day ${number}`, content: "It rained. ".repeat(number === 24 ? 900 : 20) });
  const page = await open(carol, "#/posts?of=me");
  await page.getByRole("link", { name: "Day 24", exact: true }).waitFor();
  assert.ok((await page.locator("article").first().innerText()).length < 700);
  await until("the first is there", async () => {
    await toEnd(page);
    return page.getByRole("heading", { name: "Day 1", exact: true }).isVisible();
  });
  const titles = await page.locator("article h2").allInnerTexts();
  assert.deepEqual(titles, Array.from({ length: 24 }, (_, at) => `Day ${24 - at}`));

  await page.getByRole("link", { name: "Read on: Day 24" }).click();
  await page.getByRole("heading", { name: "Day 24", level: 1 }).waitFor();
  assert.ok((await page.locator(".post-whole").innerText()).length > 9_000);
  await page.goBack();
  await page.getByRole("heading", { name: "Day 1", exact: true }).waitFor();
  await page.getByLabel("Search in posts").fill("day 17");
  await page.getByRole("heading", { name: "Day 17" }).waitFor();
  await until("only that one is shown", async () => (await page.locator("article").count()) === 1);
  await page.getByLabel("Search in posts").fill("snow");
  await page.getByText("No post has all of these words.").waitFor();
});

test("comments arrive at whose post it is, are deleted by those who may, and are not lost with the post", async () => {
  const post = await alice.rest.post("/posts", { title: "Comment me", content: "Please." });
  const [page, other] = await Promise.all([open(alice, `#/posts/${post.id}`), open(bob, `#/posts/${post.id}`)]);
  await page.getByText("Nobody has commented yet.").waitFor();
  const field = other.getByLabel("Your comment");
  await field.fill("One");
  await field.press("Control+Enter");
  await page.locator(".comment", { hasText: "One" }).waitFor();
  await page.getByRole("heading", { name: "Comments 1" }).waitFor();
  await other.locator(".comment", { hasText: "One" }).waitFor();
  assert.equal(await field.inputValue(), "");
  await field.fill("x".repeat(4097));
  await other.getByText("1 character too many").waitFor();
  await other.getByRole("button", { name: "Comment", exact: true }).click();
  await other.locator(".field-error:not(:empty), .form-error:not(:empty)").first().waitFor();
  await field.fill("Two, begun");
  await other.reload();
  await until("it is still there", async () => (await field.inputValue()) === "Two, begun");
  // What somebody else wrote can be deleted by whose post it is, and by nobody else.
  await carol.rest.post(`/posts/${post.id}/comments`, { content: "Spam" });
  const spam = page.locator(".comment", { hasText: "Spam" });
  await spam.getByRole("button", { name: "Delete the comment of Carol" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await spam.waitFor({ state: "detached" });
  assert.equal(await other.getByRole("button", { name: "Delete the comment of Carol" }).count(), 0);

  await alice.rest.put(`/blocks/${bob.userId}`);
  await other.getByRole("button", { name: "Comment", exact: true }).click();
  await other.getByText("You cannot comment here.").waitFor();
  await alice.rest.delete(`/blocks/${bob.userId}`);

  await page.getByRole("button", { name: "What can be done with this post" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("The post is deleted.").waitFor();
  await other.getByRole("button", { name: "Comment", exact: true }).click();
  await other.locator(".form-error", { hasText: "no such post" }).waitFor();
  assert.equal(await field.inputValue(), "Two, begun");
  await other.reload();
  await other.getByRole("heading", { name: "This post is not here, or not any more." }).waitFor();
});

test("a long discussion is read page by page, and what one says is shown at once", async () => {
  const post = await bob.rest.post("/posts", { title: "Long", content: "Talk." });
  for (let number = 1; number <= 45; number += 1) await carol.rest.post(`/posts/${post.id}/comments`, { content: `Number ${number}.` });
  const page = await open(alice, `#/posts/${post.id}`, { viewport: { width: 800, height: 300 } });
  await page.getByRole("heading", { name: "Comments 45" }).waitFor();
  await page.getByLabel("Your comment").fill("Number 46.");
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  await page.getByText("Number 46.").waitFor();
  await page.getByRole("heading", { name: "Comments 46" }).waitFor();
  await until("all are there", async () => {
    await toEnd(page);
    return (await page.locator(".comment").count()) === 46;
  });
  const texts = await page.locator(".comment p").allInnerTexts();
  assert.deepEqual(texts, Array.from({ length: 46 }, (_, at) => `Number ${at + 1}.`));
});

test("every page is quiet and can be used by everybody, in light and dark, on a phone too", async () => {
  const post = await alice.rest.post("/posts", { title: "Everybody", content: "Read https://example.com/way." });
  await bob.rest.post(`/posts/${post.id}/comments`, { content: "Done." });
  const pages = [["#/posts", "article"], [`#/posts/${post.id}`, ".comment"], ["#/posts/new", "textarea"]];
  const page = await open(alice, "#/posts");
  for (const [colorScheme, wide] of [["light", 1200], ["dark", 320]]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width: wide, height: 700 });
    for (const [address, sign] of pages) {
      await goTo(page, address);
      await page.locator(sign).first().waitFor();
      assert.deepEqual(await faultsOf(page), [], address);
      const [inside, width] = await page.locator(".page").evaluate((element) => [element.scrollWidth, element.clientWidth]);
      assert.ok(inside <= width, `${address} scrolls sideways`);
    }
  }
  for (const { problems } of windows) assert.deepEqual(problems, []);
});
