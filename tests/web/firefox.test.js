// The short round in Firefox: signing up, talking, and a look at the pages.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";

import { person, require, until, world } from "./harness.js";

const FIREFOX = process.env.FIREFOX || "/usr/bin/firefox-esr";
const isThere = existsSync(FIREFOX);

let here, browser, bob, room;

before(async () => {
  if (!isThere) return;
  here = await world();
  bob = await person(here.base, "Bob");
  room = (await bob.rest.post("/chats", { title: "The room" })).id;
  const { default: puppeteer } = await import(require.resolve("puppeteer-core"));
  browser = await puppeteer.launch({ browser: "firefox", executablePath: FIREFOX, headless: true });
});

after(async () => {
  await browser?.close();
  await here?.end();
});

test("somebody signs up, talks and looks around in Firefox", { skip: !isThere && "there is no Firefox" }, async () => {
  const page = await browser.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.goto(`${here.base}/#/register`);
  const field = async (name, text) => (await page.waitForSelector(`[name=${name}]`)).type(text);
  await field("name", "Alice");
  await field("email", "alice@example.com");
  await field("password", "trunkline1");
  await page.click("form button[type=submit]");
  await page.waitForSelector("tl-chat-list");
  await page.goto(`${here.base}/#/chats/${room}`);
  // Whoever reads a public chat may join it.
  const join = await page.waitForSelector("tl-conversation button ::-p-text(Join)");
  await join.click();
  const writing = await page.waitForSelector("tl-composer textarea");
  await writing.type("Hello from Firefox");
  await writing.press("Enter");
  await until("it has arrived", async () => {
    const { items } = await bob.rest.get(`/chats/${room}/messages`);
    return items.some(({ content }) => content === "Hello from Firefox");
  });
  await bob.rest.post(`/chats/${room}/messages`, { content: "Hello from Node" });
  await page.waitForSelector("tl-history ::-p-text(Hello from Node)");
  for (const address of ["/discover", "/people", "/notifications", "/account", "/events", "/posts"]) {
    await page.goto(`${here.base}/#${address}`);
    await until(address, () => page.evaluate(() => !!document.querySelector("main h1")));
  }
  assert.deepEqual(problems, []);
});
