// The client library in chromium: tabs, cookies, IndexedDB, and a page of another origin.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { createRequire } from "node:module";
import net from "node:net";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { Instance, Postgres, history, person, until } from "./harness.js";

// Playwright is no part of this repository: the script says where it has put it.
const { chromium } = createRequire(`${process.env.CLIENT_PACKAGES}/`)("playwright-core");

const PAGE = (url) => `<!doctype html><title>chat</title><script type="module">
  import { Trunkline, TrunklineError } from "${url}/client/trunkline.js";
  Object.assign(window, { Trunkline, TrunklineError, isLoaded: true });
</script>`;

const README = readFileSync(new URL("../../src/web/client/README.md", import.meta.url), "utf8");
const EXAMPLE = /```html\n([^]*?)```/.exec(README)[1];

let postgres, instance, front, elsewhere, browser, context;

/** Serves the page, and what `other` makes of the rest. */
async function page(url, other) {
  const server = createServer((asked, answer) => {
    const text = { "/app.html": () => PAGE(url()), "/example.html": () => EXAMPLE }[asked.url];
    if (!text) return other?.(asked, answer) ?? answer.writeHead(404).end();
    answer.setHeader("content-type", "text/html");
    answer.end(text());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.origin = `http://localhost:${server.address().port}`;
  return server;
}

/** A proxy with a page of its own before the instance, as one that serves an application. */
async function proxied() {
  const forwards = ({ method, url, headers }, answer, body) => {
    const far = request({ port: instance.port, host: "127.0.0.1", method, path: url, headers }, (told) => {
      answer.writeHead(told.statusCode, told.rawHeaders);
      told.pipe(answer);
    });
    far.on("error", () => answer.destroy());
    body.pipe(far);
    return true;
  };
  const server = await page(() => "", (asked, answer) => forwards(asked, answer, asked));
  server.on("upgrade", ({ url, rawHeaders }, near, head) => {
    const far = net.connect(instance.port, "127.0.0.1", () => {
      const lines = rawHeaders.map((text, at) => (at % 2 ? `${text}\r\n` : `${text}: `)).join("");
      far.write(`GET ${url} HTTP/1.1\r\n${lines}\r\n`);
      far.write(head);
      near.pipe(far).pipe(near);
    });
    for (const [one, other] of [[near, far], [far, near]]) one.on("error", () => {}).on("close", () => other.destroy());
  });
  return server;
}

before(async () => {
  elsewhere = await page(() => instance.base);
  front = await proxied();
  postgres = await Postgres.start();
  instance = await Instance.start(postgres, { TRUNKLINE_HTTP__ALLOWED_ORIGINS: elsewhere.origin });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
});

after(async () => {
  await browser?.close();
  await instance?.end();
  await postgres?.end();
  for (const server of [front, elsewhere]) {
    server?.closeAllConnections();
    server?.close();
  }
});

beforeEach(async () => {
  context = await browser.newContext();
});

afterEach(() => context?.close());

/** A tab with the library in it. */
async function tab({ origin } = front) {
  const page = await context.newPage();
  page.sockets = 0;
  page.on("websocket", () => (page.sockets += 1));
  await page.goto(`${origin}/app.html`);
  await page.waitForFunction(() => window.isLoaded);
  return page;
}

/** Signs in, goes online and opens a chat. */
function enters(page, { email, chat, url }) {
  return page.evaluate(async ({ email, chat, url }) => {
    window.client = new window.Trunkline(url ? { url } : {});
    if (email) await window.client.signIn({ email, password: "trunkline1" });
    await window.client.connect();
    if (chat) await window.client.open(chat);
  }, { email, chat, url });
}

const isLeader = (page) => page.evaluate(() => window.client.isLeader && window.client.state === "online");
const contents = (page, chat) => page.evaluate((id) => window.client.chat(id).messages.map(({ content }) => content), chat);
const says = (page, chat, content) => page.evaluate(([id, text]) => window.client.send(id, text), [chat, content]);

async function room(name) {
  const someone = await person(instance.base, name);
  const chat = (await someone.rest.post("/chats", { title: `Room ${someone.userId}` })).id;
  return { someone, chat, email: someone.email };
}

test("two tabs have one socket; when the one that has it is closed, the other goes on", async () => {
  const { someone, chat, email } = await room("Alice");
  const first = await tab();
  await enters(first, { email, chat });
  const second = await tab();
  await enters(second, { chat });
  assert.deepEqual([await isLeader(first), await isLeader(second)], [true, false]);
  assert.deepEqual([first.sockets, second.sockets], [1, 0]);

  await says(second, chat, "written in the second tab");
  await someone.rest.post(`/chats/${chat}/messages`, { content: "written elsewhere" });
  for (const page of [first, second]) await until("both show both", async () => (await contents(page, chat)).length === 2);

  // Written in the tab that does not send, while the one that does is closed.
  await Promise.all([says(second, chat, "in between"), first.close()]);
  await until("the second one leads", () => isLeader(second));
  assert.equal(second.sockets, 1);
  await says(second, chat, "at the end");
  await until("all is sent", async () => (await history(someone.rest, chat)).length === 4);
  const all = (await history(someone.rest, chat)).map(({ content }) => content);
  assert.deepEqual(all.slice(2), ["in between", "at the end"]);
  await until("all is shown", async () => (await contents(second, chat)).length === 4);
  assert.deepEqual(await contents(second, chat), all);
});

test("a page of the server's own origin leaves the tokens to the browser", async () => {
  const { chat, email } = await room("Bob");
  const page = await tab();
  await enters(page, { email, chat });
  const kept = await page.evaluate(() => JSON.stringify(localStorage) + document.cookie);
  assert.ok(!kept.includes("eyJ") && !kept.includes("token"), kept);
  // Who has the cookies needs no password, even where nothing else is kept.
  await page.evaluate(() => {
    window.client.close();
    localStorage.clear();
  });
  await page.reload();
  await page.waitForFunction(() => window.isLoaded);
  await enters(page, { chat });
  // Signing out in one tab signs out in all.
  const other = await tab();
  await enters(other, { chat });
  await other.evaluate(() => {
    window.client.on("signed_out", () => (window.isOver = true));
  });
  await page.evaluate(() => window.client.signOut());
  await other.waitForFunction(() => window.isOver && window.client.userId === null);
});

test("many tabs refresh the session once", async () => {
  const { email } = await room("Erin");
  const pages = [await tab(), await tab(), await tab()];
  await enters(pages[0], { email });
  for (const page of pages.slice(1)) await enters(page, {});
  let refreshes = 0;
  context.on("request", (asked) => (refreshes += asked.url().endsWith("/auth/token/refresh") ? 1 : 0));
  await pages[0].evaluate(() => {
    const { key } = window.client.session;
    localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), expires_at: 0 }));
  });
  const ids = await Promise.all(pages.map((page) => page.evaluate(async () => (await window.client.rest.get("/users/me")).id)));
  assert.equal(new Set(ids).size, 1);
  assert.equal(refreshes, 1);
});

test("the example of the README is a chat", async () => {
  const { someone, chat, email } = await room("Frank");
  await someone.rest.post(`/chats/${chat}/messages`, { content: "hello" });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${front.origin}/example.html`);
  await page.fill("[name=email]", email);
  await page.fill("[name=password]", "trunkline1");
  await page.click("#sign-in button");
  await page.click("#chats button");
  await page.getByText("Frank: hello").waitFor();
  await page.fill("[name=content]", "from the example");
  await page.click("#writing button");
  await page.waitForFunction(() => [...document.querySelectorAll("li")].some((line) => line.textContent.endsWith(": from the example")));
  await page.reload();
  await page.click("#chats button");
  await page.getByText("Frank: from the example").waitFor();
  await until("it was read", async () => (await someone.rest.all("/chats", {}))[0].last_read_seq === 2);
  assert.deepEqual(errors, []);
});

test("what was written without a network is sent once and in order, though every tab was closed", async () => {
  const { someone, chat, email } = await room("Carol");
  const page = await tab();
  await enters(page, { email, chat });
  await context.setOffline(true);
  for (const content of ["one", "two", "three"]) await says(page, chat, content);
  const states = await page.evaluate((id) => window.client.chat(id).messages.map(({ state }) => state), chat);
  assert.ok(states.length === 3 && states.every((state) => state === "queued" || state === "sending"), String(states));
  await page.close();
  assert.deepEqual(await history(someone.rest, chat), []);
  await context.setOffline(false);
  const later = await tab();
  await enters(later, { chat });
  await until("all is sent", async () => (await history(someone.rest, chat)).length === 3);
  const all = (await history(someone.rest, chat)).map(({ content }) => content);
  assert.deepEqual(all, ["one", "two", "three"]);
  await until("nothing waits", () => later.evaluate((id) => window.client.chat(id).messages.every(({ state }) => !state), chat));
  assert.deepEqual(await contents(later, chat), all);
});

test("a page of an allowed origin imports the library and signs in by bearer", async () => {
  const { someone, chat, email } = await room("Dora");
  const page = await tab(elsewhere);
  await enters(page, { email, chat, url: instance.base });
  await says(page, chat, "from another origin");
  await until("it is shown", async () => (await history(someone.rest, chat)).length === 1);
  // Its socket hears by a close code that the session is over.
  const over = page.evaluate(() => new Promise((resolve) => window.client.on("signed_out", () => resolve(true))));
  for (const { id, current } of await someone.rest.all("/auth/sessions", {})) {
    if (!current) await someone.rest.delete(`/auth/sessions/${id}`);
  }
  assert.ok(await over);
});
