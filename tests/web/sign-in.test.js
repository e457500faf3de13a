// Signing in and up, and a new password by e-mail.

import assert from "node:assert/strict";
import net from "node:net";
import { after, before, test } from "node:test";

import { faultsOf, goTo, launch, person, until, windowOf, world } from "./harness.js";

let here, letters, postbox, browser, alice;

before(async () => {
  ({ postbox, letters } = await openPostbox());
  here = await world({
    TRUNKLINE_ADMIN__EMAIL: "root@example.com",
    TRUNKLINE_ADMIN__PASSWORD: "trunkline1",
    TRUNKLINE_SMTP__URL: `smtp://127.0.0.1:${postbox.address().port}`,
    TRUNKLINE_SMTP__FROM: "trunkline@example.com",
  });
  browser = await launch();
  alice = await person(here.base, "Alice");
});

after(async () => {
  await browser?.close();
  await here?.end();
  postbox?.close();
});

/** A small SMTP server that keeps what it is given. */
async function openPostbox() {
  const kept = [];
  const server = net.createServer((socket) => {
    let [text, isLetter] = ["", false];
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      text += bytes;
      for (let end; (end = text.indexOf("\r\n")) >= 0; text = text.slice(end + 2)) {
        const line = text.slice(0, end);
        if (isLetter && line !== ".") kept[kept.length - 1] += `${line}\n`;
        else if (isLetter || line.toUpperCase() !== "DATA") {
          isLetter = false;
          socket.write(line.toUpperCase() === "QUIT" ? "221 good-bye\r\n" : "250 fine\r\n");
        } else {
          isLetter = kept.push("") > 0;
          socket.write("354 go on\r\n");
        }
      }
    });
    socket.write("220 postbox\r\n");
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return { postbox: server, letters: kept };
}

const enter = async (page, who, password) => {
  await page.getByLabel("E-mail or username").fill(who);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
};
const signedIn = (page) => page.getByRole("heading", { name: "Chats" }).waitFor();
/** Answers a request as a server would that does not do it. */
const refuse = (page, path, status, code, headers = {}) => page.route(`**${path}`, (route) => route.fulfill({
  status, headers, contentType: "application/problem+json", body: JSON.stringify({ status, code, detail: code, errors: [] }),
}));

test("whoever is not signed in comes to the form, and from there to where they wanted", async () => {
  const page = await windowOf(browser, here.base, null, { at: "#/discover" });
  await page.waitForURL(/#\/sign-in\?next=%2Fdiscover/);
  assert.deepEqual(await faultsOf(page), []);
  await enter(page, alice.email, "trunkline2");
  await page.getByText("The e-mail, the username or the password is wrong.").waitFor();
  assert.equal(await page.getByLabel("E-mail or username").inputValue(), alice.email, "what was typed is there");

  const password = page.getByLabel("Password", { exact: true });
  await page.getByRole("button", { name: "Show the password" }).click();
  assert.equal(await password.getAttribute("type"), "text");
  assert.deepEqual([await password.getAttribute("autocomplete"), await page.getByLabel("E-mail or username").getAttribute("autocomplete")], ["current-password", "username"]);

  await refuse(page, "/auth/login", 429, "too_many_requests", { "retry-after": "40" });
  await enter(page, alice.email, "trunkline1");
  await page.getByText("Wait 40 seconds, then try again.").waitFor();
  await page.unroute("**/auth/login");
  await page.route("**/auth/login", (route) => route.abort());
  await enter(page, alice.email, "trunkline1");
  await page.getByText("The server cannot be reached.").waitFor();
  await page.unroute("**/auth/login");
  await enter(page, alice.email, "trunkline1");
  await page.getByRole("heading", { name: "Discover chats" }).waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("nobody is led out of this client, and who is suspended is told so", async () => {
  const carol = await person(here.base, "Carol");
  const root = await person(here.base, "Root");
  await root.signIn({ email: "root@example.com", password: "trunkline1" });
  await root.rest.put(`/users/${carol.userId}/status`, { status: "suspended" });
  const page = await windowOf(browser, here.base, null, { at: "#/sign-in?next=//evil.example/%23/discover" });
  await enter(page, carol.email, "trunkline1");
  await page.getByText("This account is suspended.").waitFor();
  const { username } = await alice.rest.get("/users/me");
  await enter(page, username, "trunkline1");
  await signedIn(page);
  assert.equal(page.url(), `${here.base}/#/`);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("an account is made, and what is taken or wrong is said beside its field", async () => {
  const page = await windowOf(browser, here.base, null, { at: "#/register" });
  await page.getByLabel("Name", { exact: true }).fill("Dora");
  await page.getByLabel("E-mail").fill(alice.email.toUpperCase());
  await page.getByLabel("Username").fill("dora");
  await page.getByLabel("Password", { exact: true }).fill("short");
  const send = () => page.getByRole("button", { name: "Make the account" }).click();
  await send();
  await page.locator("[data-field=password]").getByText("8 to 128 characters, at least one letter and one digit.").waitFor();
  await page.getByLabel("Password", { exact: true }).fill("trunkline1");
  await send();
  await page.locator("[data-field=email]").getByText("There is an account with this e-mail.").waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await page.getByLabel("E-mail").fill("dora@example.com");
  await page.getByLabel("Username").fill((await alice.rest.get("/users/me")).username);
  await send();
  await page.locator("[data-field=username]").getByText("Somebody has this username.").waitFor();
  await page.getByLabel("Username").fill("");
  await send();
  await page.getByText("You are in no chat yet.").waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("a forgotten password is set anew by a link, which is good once and leaves the address", async () => {
  const page = await windowOf(browser, here.base, null, { at: "#/sign-in" });
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await refuse(page, "/auth/password/forgot", 503, "mail_not_configured");
  await page.getByLabel("E-mail").fill(alice.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText("This server sends no e-mail; ask its operator.").waitFor();
  await page.unroute("**/auth/password/forgot");
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText(`If ${alice.email} has an account here`).waitFor();
  const token = await until("the letter comes", () => /token=(\S+)/.exec(letters.at(-1) ?? "")?.[1]);

  await goTo(page, `#/reset-password?token=${token}`);
  await page.getByLabel("New password").waitFor();
  assert.equal(page.url(), `${here.base}/#/reset-password`);
  await page.getByLabel("New password").fill("short");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.locator("[data-field=new_password]").getByText("8 to 128 characters").waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await page.getByLabel("New password").fill("trunkline3");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByText("Your password is the new one now.").waitFor();
  await goTo(page, `#/reset-password?token=${token}`);
  await page.getByLabel("New password").fill("trunkline4");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByText("This link was used already, or it is too old.").waitFor();
  await page.getByRole("link", { name: "To sign in" }).click();
  await enter(page, alice.email, "trunkline3");
  await signedIn(page);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("language and light or dark are chosen before signing in; nothing is wrong with any page in the dark, on a phone", async () => {
  const page = await windowOf(browser, here.base, null, { at: "#/sign-in", colorScheme: "dark", viewport: { width: 320, height: 700 } });
  await page.getByLabel("Language").selectOption("zh");
  await page.getByRole("heading", { name: "登录" }).waitFor();
  for (const at of ["#/sign-in", "#/register", "#/forgot-password", "#/reset-password", "#/reset-password?token=x"]) {
    await goTo(page, at);
    await page.locator("main h1").waitFor();
    assert.deepEqual(await faultsOf(page), [], at);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${at} is too wide`);
  }
  await page.getByLabel("浅色或深色").selectOption("light");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "light");
  assert.deepEqual(await faultsOf(page), []);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
