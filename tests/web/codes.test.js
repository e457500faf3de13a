// The reader of QR codes: what the server draws is read, as a camera sees it; and a ticket is let in by it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { readCode } from "../../src/web/app/codes/index.js";
import { inDays } from "./community.js";
import { launch, person, windowOf, world } from "./harness.js";

let here, browser, alice, bob, event, code, drawn;

before(async () => {
  here = await world();
  browser = await launch();
  [alice, bob] = [await person(here.base, "Alice"), await person(here.base, "Bob")];
  event = await alice.rest.post("/events", { name: "The door", event_time: inDays(1, 12), max_tickets: 5 });
  const ticket = await bob.rest.post(`/events/${event.id}/tickets`, { quantity: 2 });
  const path = `/events/${event.id}/tickets/${ticket.id}/code`;
  ({ code } = await bob.rest.get(path));
  const answer = await fetch(`${here.base}/api/v1${path}?format=svg`, { headers: { authorization: `Bearer ${bob.session.kept.access_token}` } });
  drawn = await answer.text();
});

after(async () => {
  await browser?.close();
  await here?.end();
});

/** The modules of a drawing: 41 a side with the white around them. */
function modulesOf(svg) {
  const dark = new Set([...svg.matchAll(/M(\d+),(\d+)h1v1h-1z/g)].map(([, x, y]) => `${x} ${y}`));
  const size = Number(/viewBox="0 0 (\d+)/.exec(svg)[1]);
  return { size, isDark: (x, y) => dark.has(`${x} ${y}`) };
}

/** What a camera sees of it: turned, held aslant, in the shadow, with noise. */
function seen({ size, isDark }, { scale = 8, turn = 0, tilt = 0, noise = 0, shadow = 0 } = {}) {
  const side = 480;
  const data = new Uint8ClampedArray(side * side * 4);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  let random = 7;
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const near = 1 + (tilt * (y - side / 2)) / side;
      const [u, v] = [(x + 0.5 - side / 2) / near, (y + 0.5 - side / 2) / near];
      const [column, row] = [u * cos + v * sin, v * cos - u * sin].map((place) => Math.floor(place / scale + size / 2));
      const isPaper = column >= 0 && row >= 0 && column < size && row < size;
      random = (random * 1103515245 + 12345) & 0x7fffffff;
      const light = (isPaper ? (isDark(column, row) ? 40 : 225) : 150) * (1 - (shadow * x) / side) + (random / 0x7fffffff - 0.5) * noise;
      data.set([light, light, light, 255], (y * side + x) * 4);
    }
  }
  return { data, width: side, height: side };
}

test("a code is read however it is held", () => {
  const modules = modulesOf(drawn);
  const looks = { plain: {}, small: { scale: 3.1 }, turned: { turn: 0.6, scale: 7 }, "upside down": { turn: Math.PI }, aslant: { tilt: 0.2 }, noisy: { noise: 80 }, "in the shadow": { shadow: 0.6 }, "all of it": { scale: 6, turn: 2.2, tilt: 0.12, noise: 40, shadow: 0.4 } };
  for (const [name, look] of Object.entries(looks)) assert.equal(readCode(seen(modules, look)), code, name);
});

test("a scratch does no harm, and of what is no code nothing is read", () => {
  const modules = modulesOf(drawn);
  const scratched = (width) => ({ ...modules, isDark: (x, y) => (Math.abs(x - y) < width && x > 14 && x < 30 ? false : modules.isDark(x, y)) });
  assert.equal(readCode(seen(scratched(1))), code);
  assert.equal(readCode(seen(scratched(8))), null);
  assert.equal(readCode(seen({ size: 41, isDark: () => false })), null);
  assert.equal(readCode(seen({ size: 41, isDark: (x, y) => (x * 7 + y * 13) % 5 < 2 }, { noise: 60 })), null);
});

/** A camera before which the drawing is held. */
async function camera(svg) {
  delete window.BarcodeDetector;
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const context = canvas.getContext("2d");
  const picture = new Image();
  picture.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  await picture.decode();
  setInterval(() => {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#888";
    context.fillRect(0, 0, 640, 480);
    context.translate(320, 240);
    context.rotate(0.3);
    context.drawImage(picture, -150, -150, 300, 300);
  }, 50);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream();
}

test("at the door the camera reads it, though the browser reads no codes by itself", async () => {
  const page = await windowOf(browser, here.base, alice, { at: `#/events/${event.id}/check-in` });
  await page.getByRole("button", { name: "Use the camera" }).waitFor();
  await page.evaluate(camera, drawn);
  await page.getByRole("button", { name: "Use the camera" }).click();
  await page.locator(".outcome-name", { hasText: "Bob" }).waitFor();
  await page.locator(".outcome").getByText("2 places").waitFor();
  assert.deepEqual(page.problems, []);
});
