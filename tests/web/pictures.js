// Draws the pictures of the installed program from that of the pages: `node tests/web/pictures.js`, after it has changed.

import { readFile, writeFile } from "node:fs/promises";
import { launch } from "./harness.js";

const here = (path) => new URL(`../../${path}`, import.meta.url);
const source = await readFile(here("src/server/docs.rs"), "utf8");
const icon = /ICON: &str = r##"(.*?)"##/.exec(source)[1];
const letter = /<path.*?\/>/.exec(icon)[0];
const square = (content, background = "") => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${background}${content}</svg>`;
// Systems cut what shape they like out of a full square.
const full = square(letter, '<rect width="32" height="32" fill="#1f5f8b"/>');

const PICTURES = [
  ["icon-192.png", 192, icon],
  ["icon-512.png", 512, icon],
  ["icon-maskable-192.png", 192, full],
  ["icon-maskable-512.png", 512, full],
  ["icon-180.png", 180, full],
  // A status bar takes its shape alone.
  ["badge.png", 96, square(letter).replace('viewBox="0 0 32 32"', 'viewBox="5 5.5 22 22"')],
];

const browser = await launch();
for (const [name, side, svg] of PICTURES) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>${svg}`);
  await writeFile(here(`src/web/app/pictures/${name}`), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
