// Events: making them at odd hours, the last place, a network that goes away while somebody buys, and the door.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { faultsOf, goTo, launch, person, until, windowOf, world } from "./harness.js";

let here, browser, owner, alice, bob;
const windows = [];

before(async () => {
  here = await world();
  browser = await launch();
  [owner, alice, bob] = await Promise.all([person(here.base, "Olga"), person(here.base, "Alice"), person(here.base, "Bob")]);
});

after(async () => {
  await browser?.close();
  await here?.end();
});

const inHours = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();
const make = (more) => owner.rest.post("/events", { name: "A walk", event_time: inHours(72), duration_hours: 2, max_tickets: 5, ...more });
const buy = (who, event, more = {}) => who.rest.post(`/events/${event.id}/tickets`, { quantity: 1, ...more });
const codeOf = async (who, event, { id }) => (await who.rest.get(`/events/${event.id}/tickets/${id}/code`)).code;
/** Scrolls to the end of what is there. */
const toEnd = (page) => page.locator(".page").evaluate((element) => void (element.scrollTop = element.scrollHeight));
const idIn = (page) => page.url().split("/").at(-1);

async function open(who, at, options = {}) {
  const page = await windowOf(browser, here.base, who, { at, timezoneId: "Europe/Berlin", ...options });
  windows.push(page);
  return page;
}

/** Fills in when an event is to begin. */
async function say(page, date, time, zone) {
  if (zone) await page.getByLabel("Time zone").fill(zone);
  await page.getByLabel("Day").fill(date);
  await page.getByLabel("Time", { exact: true }).fill(time);
}

async function save(page, action) {
  await page.getByRole("button", { name: action }).click();
  await page.getByRole("heading", { name: "Places" }).waitFor();
  return owner.rest.get(`/events/${idIn(page)}`);
}

test("an event can be made at an hour that clocks skip or show twice, and stays where it is when something else is changed", async () => {
  const page = await open(owner, "#/events");
  await page.getByText("Nothing is planned yet.").waitFor();
  await page.getByRole("link", { name: "New event" }).first().click();
  await page.getByRole("button", { name: "Make the event" }).click();
  await page.locator("[data-field=date] .field-error", { hasText: "Please choose a day and a time." }).waitFor();
  await page.getByLabel("Name").fill("Night watch");

  await say(page, "2027-03-28", "02:30");
  await page.getByText("The clocks skip this time there on that day. The event begins right after that, at 3:00 AM").waitFor();
  const skipped = await save(page, "Make the event");
  assert.equal(skipped.local_time, "2027-03-28T03:00:00.000+02:00");
  await page.getByText("There is no such time there on that day.").waitFor();

  await goTo(page, `#/events/${skipped.id}/edit`);
  await say(page, "2027-10-31", "02:30");
  await page.getByLabel("The second time, after the change: Berlin (GMT+1)").check();
  const second = await save(page, "Save");
  assert.equal(second.event_time, "2027-10-31T01:30:00.000Z");

  await goTo(page, `#/events/${second.id}/edit`);
  await page.getByLabel("What happens there").fill("With lanterns");
  const same = await save(page, "Save");
  assert.deepEqual([same.description, same.event_time], ["With lanterns", second.event_time]);

  // There the clocks are moved by half an hour.
  await goTo(page, `#/events/${second.id}/edit`);
  await say(page, "2027-04-04", "01:45", "Australia/Lord_Howe");
  await page.getByLabel("The first time: Lord Howe (GMT+11)").waitFor();
  await say(page, "2027-10-03", "02:15");
  await page.getByText("at 2:30 AM, in Lord Howe (GMT+11)").waitFor();
  assert.equal((await save(page, "Save")).local_time, "2027-10-03T02:30:00.000+11:00");

  await buy(alice, second, { quantity: 4 });
  await goTo(page, `#/events/${second.id}/edit`);
  await page.getByLabel("Places").fill("3");
  await page.getByLabel("Name").fill("Day watch");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("4 places are sold or held").waitFor();
  assert.equal(await page.getByLabel("Name").inputValue(), "Day watch");
});

test("two people want the last place: one gets it, the other waits, and takes it when it is given back", async () => {
  const event = await make({ name: "The last place", max_tickets: 1, with_chat: true });
  const [first, second] = await Promise.all([open(alice, `#/events/${event.id}`), open(bob, `#/events/${event.id}`)]);
  await Promise.all([first, second].map(async (page) => {
    await page.getByText("1 of 1 places is left").waitFor();
    await page.getByRole("button", { name: "Get a ticket" }).click();
  }));
  const all = await until("one has it", async () => {
    const { items } = await owner.rest.get(`/events/${event.id}/tickets`);
    return items.length === 1 && items;
  });
  const [winner, loser] = all[0].holder_id === alice.userId ? [first, second] : [second, first];
  await winner.getByText("Your ticket", { exact: true }).waitFor();
  await winner.getByRole("link", { name: "Chat", exact: true }).waitFor();
  await loser.getByText("Somebody was faster").waitFor();
  await loser.getByRole("button", { name: "Wait for a place" }).click();
  await loser.getByText("You are number 1 in line, for 1 place.").waitFor();

  await goTo(loser, "#/tickets");
  await loser.getByText("You are number 1 in line, for 1 place.").waitFor();
  await goTo(loser, `#/events/${event.id}`);
  await loser.getByText("You are number 1 in line").waitFor();
  await winner.getByRole("button", { name: "Give back" }).click();
  await winner.getByRole("dialog").getByRole("button", { name: "Give back" }).click();
  await loser.getByText("Your place is free").waitFor();
  await loser.getByText("in 23 hours").or(loser.getByText("in 1 day")).waitFor();
  await loser.getByRole("button", { name: "Take the place" }).click();
  await loser.getByText("Your ticket", { exact: true }).waitFor();
  await winner.getByText("The place is taken").waitFor();
  await winner.getByRole("button", { name: "Wait for a place" }).waitFor();
});

test("the network goes away while somebody buys: pressing again gets one ticket", async () => {
  const event = await make({ name: "Offline" });
  const page = await open(alice, `#/events/${event.id}`);
  const keys = [];
  // The server does it, and the answer gets lost.
  await page.route("**/tickets", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length === 1) await route.fetch();
    return keys.length < 3 ? route.abort() : route.continue();
  });
  await page.getByLabel("How many places").selectOption("2");
  await page.getByRole("button", { name: "Get 2 places" }).click();
  await page.getByText("The server cannot be reached. Trying again").waitFor();
  await page.getByText("Your ticket for 2 places").waitFor();
  assert.equal(new Set(keys).size, 1);
  assert.equal((await owner.rest.get(`/events/${event.id}`)).tickets_sold, 2);

  await page.getByRole("button", { name: "Show code" }).click();
  const picture = page.getByRole("img", { name: "The ticket as a QR code" });
  await until("the code is there", () => picture.evaluate((image) => image.complete && image.naturalWidth > 0));
  assert.deepEqual(await faultsOf(page), []);
  // The owner deletes it under the eyes of who shows the ticket.
  await owner.rest.delete(`/events/${event.id}?force=true`);
  await page.getByRole("heading", { name: "This event is not here, or not any more." }).waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0);
});

test("a place that is held is lost when its time runs out while the page is open", async () => {
  const event = await make({ name: "Soon", max_tickets: 1 });
  const ticket = await buy(alice, event);
  await buy(bob, event, { wait: true });
  const page = await open(bob, `#/events/${event.id}`);
  await page.getByText("You are number 1 in line").waitFor();
  // Nothing is held beyond the beginning.
  await owner.rest.put(`/events/${event.id}`, { name: event.name, event_time: inHours(3 / 3600), max_tickets: 1 });
  await alice.rest.delete(`/events/${event.id}/tickets/${ticket.id}`);
  await page.getByText("Your place is free").waitFor();
  await page.getByText("Your time to take it has run out.").waitFor();
  await page.getByText("It has begun: there are no tickets any more.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Take the place" }).count(), 0);
});

/** A camera that shows what `window.shown` says. */
function camera() {
  window.BarcodeDetector = class {
    async detect() {
      return window.shown ? [{ rawValue: window.shown }] : [];
    }
  };
  navigator.mediaDevices.getUserMedia = async () => (window.stream = document.createElement("canvas").captureStream());
}

test("at the door a ticket is let in once, however many look at it, and the camera is off afterwards", async () => {
  const [event, other] = [await make({ name: "The door" }), await make({ name: "Another door" })];
  const [ticket, foreign] = [await buy(alice, event, { quantity: 3 }), await buy(bob, other)];
  const [code, wrong] = [await codeOf(alice, event, ticket), await codeOf(bob, other, foreign)];
  const page = await open(owner, `#/events/${event.id}/check-in`);
  await page.evaluate(camera);
  await goTo(page, `#/events/${event.id}`);
  await page.getByRole("link", { name: "Check-in" }).click();
  const field = page.getByLabel("Code of the ticket");
  const outcome = page.locator(".outcome");

  await field.fill(wrong);
  await field.press("Enter");
  await outcome.getByText("This is no ticket for this event").waitFor();
  await page.route("**/check-ins", (route) => route.abort());
  await field.fill(code);
  await field.press("Enter");
  await outcome.getByText("Not checked in.").waitFor();
  await page.unroute("**/check-ins");

  // Two scanners at once.
  const second = await open(owner, `#/events/${event.id}/check-in`);
  await second.getByLabel("Code of the ticket").fill(code);
  await Promise.all([second.keyboard.press("Enter"), outcome.getByRole("button", { name: "Try again" }).click()]);
  const said = await Promise.all([page, second].map(async (door) => {
    await door.locator(".outcome-name", { hasText: "Alice" }).waitFor();
    await door.locator(".outcome").getByText("3 places").waitFor();
    return door.locator(".outcome p").last().innerText();
  }));
  assert.deepEqual(said.map((text) => text.slice(0, 12)).sort(), ["Comes in now", "Has come in "]);
  assert.ok(await field.evaluate((input) => input === document.activeElement));
  await page.keyboard.type(`${code}\n`);
  await outcome.getByText("Has come in before").waitFor();

  await page.getByRole("button", { name: "Use the camera" }).click();
  await page.evaluate((text) => (window.shown = text), wrong);
  await outcome.getByText("This is no ticket for this event").waitFor();
  await page.evaluate((text) => (window.shown = text), code);
  await outcome.getByText("Has come in before").waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await goTo(page, "#/tickets");
  await until("the camera is off", () => page.evaluate(() => window.stream.getTracks().every(({ readyState }) => readyState === "ended")));
  await goTo(page, `#/events/${event.id}`);
  await page.locator(".event-holders").getByText("Came in").waitFor();
});

test("events are found by words and days, page by page, also where many begin at the same moment", async () => {
  const event_time = "2031-05-01T18:00:00Z";
  const names = Array.from({ length: 45 }, (_, at) => `Parade ${String(at + 1).padStart(2, "0")}`);
  const others = (more) => alice.rest.post("/events", { event_time, max_tickets: 5, ...more });
  await Promise.all(names.map((name) => others({ name })));
  await others({ name: "Parade, the day after", event_time: "2031-05-02T18:00:00Z" });
  const page = await open(bob, "#/events");
  const cards = page.locator(".event-card");
  await page.getByLabel("From").fill("2031-05-01");
  await page.getByRole("heading", { name: "Thursday, May 1, 2031" }).waitFor();
  await page.getByLabel("To", { exact: true }).fill("2031-05-01");
  await page.getByLabel("Search in events").fill("parade");
  await until("all of that day are there, and nothing else", async () => {
    await toEnd(page);
    return (await cards.count()) === names.length;
  });
  assert.deepEqual((await cards.locator("h3").allInnerTexts()).sort(), names);
  await page.getByLabel("Search in events").fill("funeral");
  await page.getByText("No event fits.").waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  await cards.first().waitFor();
  await page.getByRole("link", { name: "Past" }).click();
  await until("what is over is shown", async () => (await cards.locator("h3", { hasText: "Parade" }).count()) === 0);
});

test("whoever makes an event sees who comes, takes a ticket back, and deletes it knowing how many lose their place", async () => {
  const event = await make({ name: "Called off" });
  await buy(alice, event);
  await buy(bob, event, { quantity: 2 });
  const page = await open(owner, "#/events?when=mine");
  await page.getByRole("link", { name: "Called off" }).click();
  const row = page.locator(".event-holders li", { hasText: "Alice" });
  await row.getByRole("button", { name: "Take back" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Take back" }).click();
  await row.waitFor({ state: "detached" });
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV" }).click();
  assert.match((await download).suggestedFilename(), /\.csv$/);
  await page.getByRole("button", { name: "What can be done with this event" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByText("2 places are sold. Their holders will be told").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("The event is deleted.").waitFor();
  assert.equal(await page.getByRole("link", { name: "Called off" }).count(), 0);
});

test("every page is quiet and can be used by everybody, in light and dark, on a phone too", async () => {
  const event = await make({ name: "Everybody", description: "Read https://example.com/way.", timezone: "Asia/Tokyo" });
  await buy(owner, event, { quantity: 2 });
  await buy(bob, event, { quantity: 3 });
  await alice.rest.post(`/events/${event.id}/tickets`, { quantity: 1, wait: true });
  await make({ name: "Going on", event_time: inHours(-1) });
  const pages = [["#/events", ".event-card .chip.good"], [`#/events/${event.id}`, ".event-holders .rows li"], [`#/events/${event.id}/edit`, "textarea"],
    [`#/events/${event.id}/check-in`, ".outcome"], ["#/tickets", ".event-card"], ["#/tickets?when=past", ".empty a"]];
  const page = await open(owner, "#/events");
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
