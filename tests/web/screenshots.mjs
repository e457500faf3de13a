// Pictures of every page, in both themes and two widths: `node tests/web/screenshots.mjs FOLDER [NAME…]`. `scripts/screenshots`
// makes those of the README with it.

import { mkdirSync } from "node:fs";

import { community } from "./community.js";
import { goTo, launch, windowOf, world } from "./harness.js";
import { Trunkline } from "../../src/web/client/trunkline.js";

const [folder, ...wanted] = process.argv.slice(2);
const LOOKS = [
  ["light", { width: 1200, height: 800 }], ["dark", { width: 1200, height: 800 }],
  ["phone", { width: 390, height: 844 }], ["phone-dark", { width: 390, height: 844 }],
];

const ROOT = { email: "root@example.com", password: "trunkline1" };
const here = await world({ TRUNKLINE_ADMIN__EMAIL: ROOT.email, TRUNKLINE_ADMIN__PASSWORD: ROOT.password });
const browser = await launch();
mkdirSync(folder, { recursive: true });
try {
  const admin = new Trunkline({ url: here.base });
  await admin.signIn(ROOT);
  admin.email = ROOT.email;
  const { alice, room, event, post, people } = await community(here.base, { admin });
  const out = [["sign-in", "#/sign-in"], ["register", "#/register"]];
  const pages = [
    ["chat", `#/chats/${room.id}`], ["chats", "#/"], ["discover", "#/discover"], ["people", "#/people"], ["person", `#/people/${people[1].userId}`],
    ["notifications", "#/notifications"], ["events", "#/events"], ["event", `#/events/${event.id}`], ["event-new", "#/events/new"], ["check-in", `#/events/${event.id}/check-in`],
    ["tickets", "#/tickets"], ["posts", "#/posts"], ["post", `#/posts/${post.id}`], ["post-new", "#/posts/new"],
    ...["profile", "appearance", "notifications", "sessions", "password", "tokens", "data"].map((name) => [`account-${name}`, `#/account/${name}`]),
  ];
  const administration = ["overview", "users", "roles", "routes", "jobs", "schedules", "topics", "audit", "announcements"].map((name) => [`admin-${name}`, `#/admin/${name}`]);
  for (const [look, viewport] of LOOKS) {
    for (const [who, list] of [[null, out], [alice, pages], [admin, administration]]) {
      const shown = list.filter(([name]) => !wanted.length || wanted.includes(name));
      if (!shown.length) continue;
      const page = await windowOf(browser, here.base, who, { viewport, colorScheme: look.endsWith("dark") ? "dark" : "light", locale: process.env.LOCALE ?? "en-GB" });
      for (const [name, address] of shown) {
        await goTo(page, address);
        await page.waitForLoadState("networkidle");
        await page.waitForTimeout(500);
        await page.screenshot(process.env.PNG ? { path: `${folder}/${name}-${look}.png` } : { path: `${folder}/${name}-${look}.jpg`, type: "jpeg", quality: Number(process.env.QUALITY ?? 82) });
      }
      if (page.problems.length) console.log(look, page.problems);
      await page.context().close();
    }
  }
} finally {
  await browser.close();
  await here.end();
}
