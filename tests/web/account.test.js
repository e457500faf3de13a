// My account: what others see of me, sessions, password, tokens, and the end of it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { another } from "../client/harness.js";
import { faultsOf, goTo, launch, person, until, windowOf, world } from "./harness.js";

let here, browser, alice;

before(async () => {
  here = await world();
  browser = await launch();
  alice = await person(here.base, "Alice");
});

after(async () => {
  await browser?.close();
  await here?.end();
});

const button = (place, name) => place.getByRole("button", { name, exact: true });
const field = (place, name) => place.getByLabel(name, { exact: true });
const open = async (page, section, heading) => {
  await goTo(page, `#/account/${section}`);
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
};
const avatar = (page) => page.locator(".account-picture tl-avatar img");

/** Sessions as if they had begun long ago, so that the password is wanted. */
function age(who) {
  const sql = `update sessions set created_at = created_at - interval '1 hour' where user_id = '${who.userId}'`;
  execFileSync(join(here.postgres.bin, "psql"), [here.postgres.url, "-qc", sql]);
}

test("the profile is changed; what was typed survives that a name is taken", async () => {
  const bob = await person(here.base, "Bob");
  const { username } = await bob.rest.get("/users/me");
  const page = await windowOf(browser, here.base, alice, { at: "#/account" });
  await field(page, "About me").fill("Weaves patterns.");
  await field(page, "Username").fill(username);
  await button(page, "Save").click();
  await page.locator('[data-field="username"] .field-error', { hasText: /\w/ }).waitFor();
  assert.equal(await field(page, "About me").inputValue(), "Weaves patterns.");
  await field(page, "Username").fill("ada.l");
  await field(page, "Name").fill("Ada");
  await field(page, "GitHub").fill("ada-l");
  await button(page, "Save").click();
  await page.locator(".account-who", { hasText: "@ada.l" }).waitFor();
  const { name, bio, contacts } = await alice.rest.get("/users/me");
  assert.deepEqual({ name, bio, github: contacts.github }, { name: "Ada", bio: "Weaves patterns.", github: "ada-l" });

  // A picture is cut to a square; the keyboard does it too.
  const picture = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 900, height: 300 });
    const context = canvas.getContext("2d");
    context.fillStyle = "#c00";
    context.fillRect(0, 0, 300, 300);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve));
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  await page.locator('input[type="file"]').setInputFiles({ name: "me.png", mimeType: "image/png", buffer: Buffer.from(picture) });
  const dialog = page.getByRole("dialog");
  await dialog.locator("canvas").focus();
  for (let step = 0; step < 20; step += 1) await page.keyboard.press("ArrowLeft");
  await button(dialog, "Use this").click();
  await avatar(page).waitFor();
  const [side, red] = await avatar(page).evaluate(async (image) => {
    await image.decode();
    const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
    context.drawImage(image, 0, 0, 1, 1);
    return [image.naturalWidth, context.getImageData(0, 0, 1, 1).data[0]];
  });
  assert.equal(side, 512);
  assert.ok(red > 180, `${red}`);
  await page.locator('input[type="file"]').setInputFiles({ name: "me.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await page.getByText("This file is no picture that your browser can show.").waitFor();
  await button(page, "Remove picture").click();
  await button(dialog, "Remove picture").click();
  await button(page, "Choose a picture").waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("another e-mail address and a token want the password, where the sign-in was long ago", async () => {
  const page = await windowOf(browser, here.base, alice, { at: "#/account/profile" });
  await age(alice);
  await field(page, "E-mail address").fill("ada@example.com");
  await button(page, "Change e-mail").click();
  const dialog = page.getByRole("dialog");
  await field(dialog, "Current password").fill("wrong1234");
  await button(dialog, "Go on").click();
  await dialog.getByText("This is not your password.").waitFor();
  await field(dialog, "Current password").fill("trunkline1");
  await button(dialog, "Go on").click();
  await page.getByText("Saved.").waitFor();
  alice.email = "ada@example.com";
  assert.equal((await alice.rest.get("/users/me")).email, alice.email);

  await open(page, "tokens", "API tokens");
  await field(page, "Name").fill("Backup");
  await field(page, "Only what you choose").check();
  await button(page, "Make a token").click();
  await page.getByText("choose at least one operation").waitFor();
  await page.getByText("Chats and messages").click();
  await page.getByLabel(/^List chats/).check();
  await button(page, "Make a token").click();
  // Who breaks that off has lost nothing.
  await button(dialog, "Close").click();
  assert.equal(await field(page, "Name").inputValue(), "Backup");
  await button(page, "Make a token").click();
  await field(dialog, "Current password").fill("trunkline1");
  await button(dialog, "Go on").click();
  const secret = await field(dialog, "The new token").inputValue();
  const list = (path) => fetch(`${here.base}/api/v1${path}`, { headers: { authorization: `Bearer ${secret}` } }).then(({ status }) => status);
  assert.deepEqual([await list("/chats"), await list("/friends")], [200, 403]);
  await button(dialog, "Close").click();
  await page.getByText("1 operation").waitFor();
  await button(page, "Revoke: Backup").click();
  await button(dialog, "Revoke").click();
  await page.getByText("You have no tokens.").waitFor();
  assert.equal(await list("/chats"), 401);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("sessions end one by one or all at once, and with a new password", async () => {
  const [phone, laptop] = [await another(alice, here.base), await another(alice, here.base)];
  const page = await windowOf(browser, here.base, alice, { at: "#/account/sessions" });
  await page.locator(".chip", { hasText: "this device" }).waitFor();
  const rows = page.locator("tl-account-sessions li");
  const before = await rows.count();
  // It has ended meanwhile: that is as good.
  await phone.signOut();
  await button(page, "Sign out: node").first().click();
  await button(page.getByRole("dialog"), "Sign out").click();
  await until("one is gone", async () => (await rows.count()) === before - 1);
  await button(page, "Sign out everywhere else").click();
  await button(page.getByRole("dialog"), "Sign out everywhere else").click();
  await page.getByText("You are signed in here alone.").waitFor();
  await assert.rejects(laptop.rest.get("/users/me"));

  await open(page, "password", "Password");
  await field(page, "Current password").fill("trunkline2");
  await field(page, "New password").fill("trunkline3");
  await field(page, "New password again").fill("trunkline4");
  await button(page, "Change password").click();
  await page.getByText("This is not the same.").waitFor();
  await field(page, "New password again").fill("trunkline3");
  await button(page, "Change password").click();
  await page.getByText("This is not your password.").waitFor();
  await field(page, "Current password").fill("trunkline1");
  await button(page, "Change password").click();
  await page.getByText("You have a new password.").waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("preferences, appearance, a calendar, and the end of the account", async () => {
  const carol = await person(here.base, "Carol");
  const page = await windowOf(browser, here.base, carol, { at: "#/account/notifications" });
  await page.getByLabel("Somebody replies to me: Push").uncheck();
  await until("it is kept", async () => (await carol.rest.get("/notifications/preferences")).reply.push === false);

  await open(page, "appearance", "Appearance");
  await field(page, "Dark").check();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await field(page, "From right to left").check();
  assert.equal(await page.evaluate(() => document.documentElement.dir), "rtl");
  await field(page, "From left to right").check();
  await field(page, "Русский").check();
  await page.getByRole("heading", { level: 1, name: "Внешний вид" }).waitFor();
  await field(page, "English").check();
  await page.getByRole("heading", { level: 1, name: "Appearance" }).waitFor();

  await open(page, "data", "My data");
  await button(page, "Make an address").click();
  const url = new URL(await field(page, "Calendar").inputValue());
  assert.equal((await fetch(`${here.base}${url.pathname}`)).status, 200);
  await button(page, "End the address").click();
  const dialog = page.getByRole("dialog");
  await button(dialog, "End the address").click();
  await page.getByText("The address has ended.").waitFor();
  assert.equal((await fetch(`${here.base}${url.pathname}`)).status, 404);

  const { username } = await carol.rest.get("/users/me");
  await button(page, "Delete my account").click();
  await field(dialog, "Current password").fill("wrong1234");
  await field(dialog, `To confirm, type your username: ${username}`).fill("somebody");
  await button(dialog, "Delete for good").click();
  await dialog.getByText("This is not your username.").waitFor();
  await field(dialog, `To confirm, type your username: ${username}`).fill(username);
  await button(dialog, "Delete for good").click();
  await dialog.getByText("This is not your password.").waitFor();
  await field(dialog, "Current password").fill("trunkline1");
  await button(dialog, "Delete for good").click();
  await page.waitForURL("**/#/sign-in");
  await assert.rejects(here.base && carol.signIn({ email: carol.email, password: "trunkline1" }));
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("nothing is in anybody's way, light and dark, wide and narrow", async () => {
  const dave = await person(here.base, "Dave");
  for (const [colorScheme, viewport] of [["light", { width: 1200, height: 800 }], ["dark", { width: 390, height: 800 }]]) {
    const page = await windowOf(browser, here.base, dave, { at: "#/account", colorScheme, viewport });
    for (const [section, heading] of [["profile", "Profile"], ["appearance", "Appearance"], ["notifications", "Notifications"], ["sessions", "Sessions"], ["password", "Password"], ["tokens", "API tokens"], ["data", "My data"]]) {
      await open(page, section, heading);
      if (section === "notifications") await page.getByLabel("Somebody replies to me: Push").waitFor();
      if (section === "sessions") await page.locator(".chip").waitFor();
      if (section === "tokens") {
        await field(page, "Only what you choose").check();
        await page.getByText("Chats and messages").click();
      }
      if (section === "data") await button(page, "Delete my account").click();
      assert.deepEqual(await faultsOf(page, section === "data" ? "dialog" : "tl-account-page"), [], section);
      if (section === "data") await button(page, "Cancel").click();
    }
    await goTo(page, "#/account");
    await page.getByRole("heading", { level: 1 }).waitFor();
    assert.deepEqual(await faultsOf(page), []);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});
