// The administrators' pages.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { faultsOf, goTo, launch, person, until, windowOf, world } from "./harness.js";

const TOKEN = "figures-are-for-few";
const root = { email: "root@example.com" };
let place, browser, admin, ada;

before(async () => {
  place = await world({ TRUNKLINE_ADMIN__EMAIL: root.email, TRUNKLINE_ADMIN__PASSWORD: "trunkline1", TRUNKLINE_HTTP__METRICS_TOKEN: TOKEN });
  browser = await launch();
  admin = await person(place.base, "Root's other hand");
  ada = await person(place.base, "Ada Lovelace");
  // The first administrator makes another one, so that there are two.
  const first = await signedIn(root.email);
  await first("PUT", `/users/${admin.userId}/roles`, { roles: ["user", "admin"] });
});

after(async () => {
  await browser?.close();
  await place?.end();
});

/** What somebody may ask by an access token. */
async function signedIn(email) {
  const ask = (method, path, body, headers = {}) => fetch(`${place.base}/api/v1${path}`, {
    method, headers: { "content-type": "application/json", ...headers }, body: body && JSON.stringify(body),
  });
  const { access_token: token } = await (await ask("POST", "/auth/login", { email, password: "trunkline1" })).json();
  return (method, path, body) => ask(method, path, body, { authorization: `Bearer ${token}` });
}

const open = (options = {}) => windowOf(browser, place.base, root, options);
const dialogOf = (page) => page.locator("dialog").last();
/** The message beside a field. */
const faultAt = (dialog, name) => dialog.locator(`[data-field="${name}"] .field-error`);

async function close(page) {
  assert.deepEqual(page.problems, []);
  await page.context().close();
}

test("a person is found, changed, given a role and suspended; what is taken is said beside its field", async () => {
  const page = await open({ at: "#/admin/users" });
  await page.getByLabel("Search").fill("lovelace");
  await page.getByRole("button", { name: "Ada Lovelace" }).click();
  const dialog = dialogOf(page);
  await dialog.getByLabel("Username").fill((await admin.rest.get("/users/me")).username);
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await until("it is said", async () => (await faultAt(dialog, "username").textContent()) !== "");
  await dialog.getByLabel("Username").fill("countess");
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("@countess").waitFor();
  await dialog.getByRole("checkbox", { name: "admin" }).check();
  assert.deepEqual(await faultsOf(page, "dialog"), []);
  await dialog.getByRole("button", { name: "Save the roles" }).click();
  await until("she has the role", async () => (await ada.rest.get("/users/me")).roles.includes("admin"));
  await dialog.getByRole("checkbox", { name: "admin" }).uncheck();
  await dialog.getByRole("button", { name: "Save the roles" }).click();
  await until("it is taken again", async () => !(await ada.rest.get("/users/me")).roles.includes("admin"));
  await dialog.getByRole("button", { name: "Suspend" }).click();
  await dialogOf(page).getByText("signed out everywhere").waitFor();
  await dialogOf(page).getByRole("button", { name: "Suspend" }).click();
  await dialog.getByRole("button", { name: "Let in again" }).waitFor();
  assert.equal((await fetch(`${place.base}/api/v1/auth/login`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ email: ada.email, password: "trunkline1" }) })).status, 403);
  await dialog.getByRole("button", { name: "Let in again" }).click();
  await dialog.getByRole("button", { name: "Suspend" }).waitFor();
  await page.keyboard.press("Escape");
  await until("the focus is back", async () => (await page.evaluate(() => document.activeElement.textContent)) === "Ada Lovelace");
  await close(page);
});

test("a role is made of a whole group; others change and delete it meanwhile; the last administrator stays", async () => {
  const page = await open({ at: "#/admin/roles" });
  await page.getByRole("button", { name: "New role" }).click();
  let dialog = dialogOf(page);
  await dialog.getByLabel("Name of the role").fill("Not a name");
  await dialog.getByLabel("Description").fill("Look after jobs");
  await dialog.getByRole("button", { name: "Make the role" }).click();
  await until("it is said", async () => (await faultAt(dialog, "name").textContent()) !== "");
  await dialog.getByLabel("Name of the role").fill("operators");
  await dialog.getByText("0 of 9").click();
  await dialog.getByRole("checkbox", { name: "All of: Jobs" }).check();
  await dialog.getByText("9 of 9").waitFor();
  assert.deepEqual(await faultsOf(page, "dialog"), []);
  await dialog.getByRole("button", { name: "Make the role" }).click();
  await page.getByText("9 operations").waitFor();
  // Two change it at the same time: neither undoes what the other did.
  await page.getByRole("button", { name: "operators" }).click();
  dialog = dialogOf(page);
  await dialog.getByText("9 of 9").waitFor();
  const { permissions } = await admin.rest.get("/roles/operators");
  await admin.rest.put("/roles/operators/permissions", { permissions: permissions.filter((one) => !one.startsWith("DELETE:")) });
  await dialog.getByLabel("Search the operations").fill("GET audit");
  await dialog.getByRole("checkbox", { name: "List what was done" }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("8 operations").waitFor();
  // Somebody deletes it while it is open.
  await page.getByRole("button", { name: "operators" }).click();
  dialog = dialogOf(page);
  await dialog.getByLabel("Description").fill("Look after everything that runs");
  await admin.rest.delete("/roles/operators");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("Somebody has deleted this role").waitFor();
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("cell", { name: "Look after everything that runs" }).waitFor();
  // The other administrator goes; nobody else is left.
  const first = await signedIn(root.email);
  await first("PUT", `/users/${admin.userId}/roles`, { roles: ["user"] });
  await goTo(page, "#/admin/users");
  await page.getByRole("button", { name: "Administrator" }).click();
  dialog = dialogOf(page);
  await dialog.getByRole("checkbox", { name: "admin" }).uncheck();
  await dialog.getByRole("button", { name: "Save the roles" }).click();
  await page.getByRole("button", { name: "Take it from me" }).click();
  await dialog.getByText("Somebody who may do everything must remain").waitFor();
  await dialog.getByRole("checkbox", { name: "operators" }).check();
  await dialog.getByRole("checkbox", { name: "admin" }).check();
  await first("DELETE", "/roles/operators");
  await dialog.getByRole("button", { name: "Save the roles" }).click();
  await dialog.getByText("deleted or renamed a role meanwhile: operators").waitFor();
  await close(page);
});

test("a job is queued, seen to its end, tried again and cancelled; a task is paused", async () => {
  const page = await open({ at: "#/admin/jobs" });
  await page.getByRole("button", { name: "Queue a job" }).click();
  let dialog = dialogOf(page);
  await dialog.getByLabel("Arguments").fill('{"fail": true,\n  oops}');
  await dialog.getByRole("button", { name: "Queue a job" }).click();
  await dialog.getByText("This is not JSON: look at line 2").waitFor();
  await dialog.getByLabel("Arguments").fill('{"fail": true}');
  await dialog.getByText("Time, priority and keys").click();
  await dialog.getByLabel("Attempts at most").fill("1000");
  await dialog.getByRole("button", { name: "Queue a job" }).click();
  await until("it is said", async () => (await faultAt(dialog, "max_attempts").textContent()) !== "");
  await dialog.getByLabel("Attempts at most").fill("1");
  await dialog.getByRole("button", { name: "Queue a job" }).click();
  await page.getByRole("heading", { name: "Job: echo" }).waitFor();
  dialog = dialogOf(page);
  await dialog.getByText("it was asked to fail").waitFor();
  assert.deepEqual(await faultsOf(page, "dialog"), []);
  await dialog.getByRole("button", { name: "Try again" }).click();
  await page.getByText("The job waits for its turn.").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Retry failed jobs" }).click();
  await dialogOf(page).getByLabel("Task").selectOption("echo");
  await until("it has failed again", async () => (await (await signedIn(root.email))("GET", "/jobs?status=failed&task=echo")).json().then(({ total }) => total === 1));
  await dialogOf(page).getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Try 1 failed job again?" }).waitFor();
  await dialogOf(page).getByRole("button", { name: "Try again" }).click();
  await page.getByText("1 job waits again.").waitFor();
  // A paused task waits, and can be cancelled.
  await page.getByRole("link", { name: "Tasks" }).click();
  await page.getByRole("button", { name: "Pause echo" }).click();
  await page.getByRole("button", { name: "Resume echo" }).waitFor();
  await page.getByRole("button", { name: "Queue a job: echo" }).click();
  await dialogOf(page).getByRole("button", { name: "Queue a job" }).click();
  await dialogOf(page).getByRole("button", { name: "Cancel the job" }).click();
  await page.getByRole("heading", { name: "Cancel this job?" }).waitFor();
  await dialogOf(page).getByRole("button", { name: "Cancel the job" }).click();
  await dialogOf(page).getByText("cancelled", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Resume echo" }).click();
  await page.getByRole("button", { name: "Pause echo" }).waitFor();
  await goTo(page, "#/admin/jobs?task=echo&status=cancelled");
  await page.getByRole("row", { name: /echo.*cancelled/ }).waitFor();
  // No row goes away under the pointer; without the network what is there stays.
  await goTo(page, "#/admin/jobs?task=echo");
  const row = page.locator("tbody tr").first();
  await row.hover();
  const top = await row.boundingBox();
  await (await signedIn(root.email))("POST", "/jobs", { task: "echo" });
  await page.getByRole("button", { name: "Show what is new" }).waitFor();
  assert.deepEqual(await row.boundingBox(), top);
  const rows = await page.locator("tbody tr").count();
  await page.getByRole("button", { name: "Show what is new" }).click();
  await until("it is there", async () => (await page.locator("tbody tr").count()) === rows + 1);
  await page.context().setOffline(true);
  await page.locator(".list-problem", { hasText: "cannot be reached" }).waitFor();
  assert.equal(await page.locator("tbody tr").count(), rows + 1);
  await page.context().setOffline(false);
  await page.locator(".list-problem").waitFor({ state: "hidden" });
  await close(page);
});

test("a schedule says when it runs next; one that cannot be read is told; it is switched off, changed and deleted", async () => {
  const page = await open({ at: "#/admin/schedules" });
  await page.getByRole("cell", { name: "every 1 min" }).first().waitFor();
  await page.getByRole("button", { name: "New schedule" }).click();
  let dialog = dialogOf(page);
  await dialog.getByLabel("Name").fill("Morning");
  await dialog.getByLabel("Cron expression").fill("61 6 * * 1-5");
  await dialog.getByRole("button", { name: "Save" }).click();
  await until("it is said", async () => (await faultAt(dialog, "cron").textContent()) !== "");
  await dialog.getByLabel("Cron expression").fill("30 6 * * 1-5");
  await dialog.getByText("Monday to Friday at 6:30").waitFor();
  await dialog.getByLabel("Time zone").fill("Europe/Berlin");
  assert.deepEqual(await faultsOf(page, "dialog"), []);
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved. The next time is").waitFor();
  await page.getByRole("button", { name: "Switch off Morning" }).click();
  await page.getByRole("button", { name: "Switch on Morning" }).waitFor();
  await page.getByRole("button", { name: "Morning", exact: true }).click();
  dialog = dialogOf(page);
  await dialog.getByLabel("By the sun").check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await until("a number is missing", async () => (await faultAt(dialog, "solar.latitude").textContent()) !== "");
  await dialog.getByLabel("Latitude").fill("95");
  await dialog.getByLabel("Longitude").fill("13.4");
  await dialog.getByRole("button", { name: "Save" }).click();
  await until("the server says where", async () => (await faultAt(dialog, "solar.latitude").textContent()).includes("90"));
  await dialog.getByLabel("Latitude").fill("52.5");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("cell", { name: "Sunset" }).waitFor();
  await page.getByRole("button", { name: "Delete Morning" }).click();
  await dialogOf(page).getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete Morning" }).waitFor({ state: "detached" });
  await close(page);
});

test("everybody is told something, and one person; what was done stands in the audit; records of a topic are read", async () => {
  const first = await signedIn(root.email);
  await first("POST", "/topics/orders/records", { records: [{ key: "one", value: { total: "19.90" } }] });
  const page = await open({ at: "#/admin/announcements" });
  await page.getByLabel("What is to be said").fill("We rest tonight.");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Choose at least one person.").waitFor();
  await page.getByRole("combobox", { name: "People" }).fill("lovelace");
  await page.getByRole("option", { name: /Ada Lovelace/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Ada Lovelace has been told.").waitFor();
  await page.getByLabel("What is to be said").fill("We are back.");
  await page.getByLabel("To everybody").check();
  await page.getByRole("button", { name: "Send" }).click();
  await dialogOf(page).getByRole("button", { name: "Send" }).click();
  await page.getByText("3 of 3 people told").waitFor();
  await page.reload();
  await page.getByText("3 of 3 people told").waitFor();
  await goTo(page, "#/admin/audit");
  await page.getByLabel("Action", { exact: true }).selectOption("role_given");
  await page.getByRole("button", { name: "Role given" }).first().waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV" }).click()]);
  assert.equal(file.suggestedFilename().endsWith(".csv"), true);
  await page.getByRole("combobox", { name: "Done by" }).fill("lovelace");
  await page.getByRole("option", { name: /Ada Lovelace/ }).click();
  await page.getByText("Nothing fits.").waitFor();
  await goTo(page, "#/admin/topics");
  await page.getByRole("button", { name: "orders" }).click();
  await dialogOf(page).getByText('"19.90"').waitFor();
  await dialogOf(page).getByLabel("For so many days").fill("30");
  await dialogOf(page).getByRole("button", { name: "Save" }).click();
  await page.getByRole("cell", { name: "30 days" }).waitFor();
  await close(page);
});

test("figures come every five seconds; from elsewhere a token opens them", async () => {
  const page = await open({ at: "#/admin" });
  await page.getByText("The server is ready.").waitFor();
  const plot = page.locator("tl-admin-plot").first();
  await until("a rate is known", async () => /\d/.test(await plot.locator("strong").first().textContent()));
  assert.ok((await plot.locator("tbody tr").count()) > 0);
  await close(page);
  const far = await open({ at: "#/admin", extraHTTPHeaders: { "x-forwarded-for": "203.0.113.7" } });
  await far.getByText("The figures are closed to this page").waitFor();
  await far.getByLabel("Token").fill("wrong");
  await far.getByRole("button", { name: "Open the figures" }).click();
  await far.getByText("The server does not know this token.").waitFor();
  await far.getByLabel("Token").fill(TOKEN);
  await far.getByRole("button", { name: "Open the figures" }).click();
  await far.locator("tl-admin-plot").first().waitFor();
  assert.equal(await far.evaluate(() => JSON.stringify({ ...localStorage })).then((kept) => kept.includes("figures-are")), false);
  await close(far);
});

test("others see what their roles permit, and are told so calmly", async () => {
  const page = await windowOf(browser, place.base, admin, { at: "#/admin/users" });
  await page.getByText("None of your roles permits anything here.").waitFor();
  const first = await signedIn(root.email);
  // Who may not read roles is asked for by what the server refuses.
  await first("POST", "/roles", { name: "watch", permissions: ["GET:/api/v1/jobs"] });
  await first("PUT", `/users/${admin.userId}/roles`, { roles: ["user", "watch"] });
  await page.reload();
  await page.getByText("None of your roles permits this section.").waitFor();
  assert.deepEqual(await page.locator(".admin-navigation a").allTextContents(), ["Overview", "Operations", "Jobs"]);
  await goTo(page, "#/admin/jobs");
  await page.getByRole("button", { name: "Queue a job" }).click();
  await page.getByText(/None of your roles|none of your roles/).first().waitFor();
  await first("PATCH", "/roles/watch", { permissions: ["GET:/api/v1/jobs", "GET:/api/v1/roles/{name}", "POST:/api/v1/notifications"] });
  await page.reload();
  await page.getByRole("link", { name: "Announcements" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Queue a job" }).count(), 0);
  // The role is taken while the page is open.
  await first("PUT", `/users/${admin.userId}/roles`, { roles: ["user"] });
  await page.getByText("You are not permitted to do this").waitFor();
  await close(page);
});

test("axe finds nothing on any section, light and dark, and nothing is wider than a phone", async () => {
  for (const options of [{ colorScheme: "light" }, { colorScheme: "dark", viewport: { width: 390, height: 800 } }]) {
    const page = await open({ at: "#/admin", ...options });
    for (const section of ["overview", "users", "roles", "routes", "jobs", "jobs?view=tasks", "schedules", "topics", "audit", "announcements"]) {
      await goTo(page, `#/admin/${section}`);
      await page.locator(".admin-content h1").waitFor();
      await page.locator("tl-admin-list[aria-busy]").waitFor({ state: "detached" });
      // Rows are alike: three of them tell as much as fifty, and much sooner.
      await page.evaluate(() => document.querySelectorAll("tbody tr:nth-child(n + 4)").forEach((row) => row.remove()));
      assert.deepEqual(await faultsOf(page, ".admin-frame"), [], `${section} ${options.colorScheme}`);
      assert.equal(await page.evaluate(() => document.querySelector(".page").scrollWidth > innerWidth), false, section);
    }
    await close(page);
  }
});
