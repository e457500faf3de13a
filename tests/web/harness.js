// Browsers with people in them, for the stories of the web client. What they run against comes from the client library's.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

import { Instance, Postgres, freePort, person, sleep, until } from "../client/harness.js";

export { Instance, Postgres, freePort, person, sleep, until };

// Playwright is no part of this repository: the script says where it has put it.
const packages = process.env.CLIENT_PACKAGES ?? new URL("../../target/client", import.meta.url).pathname;
export const require = createRequire(`${packages}/`);
const playwright = require("playwright-core");

/** What the console may say: a browser tells of each request that fails, whatever a page makes of it. */
const EXPECTED = /Failed to load resource|WebSocket connection to|net::ERR_|error occurred when fetching the script/;

/** A browser: `chromium`, or `firefox` where there is one that Playwright can drive. */
export function launch() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return playwright.chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** An instance with a PostgreSQL of its own; `end` ends both. */
export async function world(env = {}) {
  const postgres = await Postgres.start();
  const instance = await Instance.start(postgres, env).catch(async (error) => {
    await postgres.end();
    throw error;
  });
  return { postgres, instance, base: instance.base, end: async () => (await instance.end(), await postgres.end()) };
}

/**
 * A window in which somebody is signed in. `problems` gathers what its console has said.
 * @param who a `person` of the harness; null for nobody
 */
export async function windowOf(browser, base, who, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1200, height: 800 }, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(30_000);
  // A window that is closed while its page loads itself anew may never say that it is: the browser's end closes it then.
  const close = context.close.bind(context);
  context.close = () => Promise.race([close(), sleep(10_000, undefined, { ref: false })]);
  if (who) {
    const answer = await context.request.post(`${base}/api/v1/auth/login`, { data: { email: who.email, password: "trunkline1" } });
    assert.equal(answer.status(), 200, await answer.text());
  }
  const page = await context.newPage();
  page.problems = [];
  watch(page);
  await page.goto(`${base}/${options.at ?? ""}`);
  return page;
}

/** Gathers what a page's console says. */
export function watch(page) {
  page.problems ??= [];
  page.on("pageerror", (error) => page.problems.push(error.stack ?? String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !EXPECTED.test(message.text())) page.problems.push(message.text());
  });
}

/** Goes to an address behind the `#`. */
export function goTo(page, address) {
  return page.evaluate((to) => void (location.hash = to), address);
}

/** What axe finds wrong with a page for people who cannot see, hear or point. */
export async function faultsOf(page, within) {
  // Trusted Types keep a page from running text; the protocol of the browser may.
  await page.evaluate(await axe());
  const found = await page.evaluate((place) => window.axe.run(place ?? document, { resultTypes: ["violations"] }), within);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

let source;
async function axe() {
  const { readFile } = await import("node:fs/promises");
  return (source ??= await readFile(require.resolve("axe-core/axe.min.js"), "utf8"));
}

/** How long a certain loop takes where a limit in milliseconds counts as it is. */
const LOOP_MS = 160;

/** How many times as slow this machine is here and now, 1 at least; beside another test file, twice that. */
export async function slowness(page) {
  const took = await page.evaluate(() => {
    const begun = performance.now();
    let sum = 0;
    for (let step = 0; step < 3e7; step += 1) sum = (sum * 31 + step) | 0;
    return performance.now() - begun + sum * 0;
  });
  return (process.env.IS_SHARED ? 2 : 1) * Math.max(1, took / LOOP_MS);
}
