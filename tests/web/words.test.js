// The words of the web client: the same keys in every language, the same places for values, and none that nobody knows.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const app = new URL("../../src/web/app/", import.meta.url);
const LANGUAGES = ["en", "zh", "ru"];
/** Which forms a language has where there is a number. */
const FORMS = { en: ["one", "other"], zh: ["other"], ru: ["one", "few", "many", "other"] };

/** Every folder's words, by language. */
async function all() {
  const found = { en: {}, zh: {}, ru: {} };
  for (const folder of folders()) {
    const byLanguage = await wordsOf(folder);
    for (const language of LANGUAGES) {
      for (const [key, value] of Object.entries(byLanguage[language] ?? {})) {
        assert.ok(!(key in found[language]), `${key} is there twice in ${language}`);
        found[language][key] = value;
      }
    }
  }
  return found;
}

/** What is always there has each other language in a folder of its own; a feature that is loaded later has all three by itself. */
async function wordsOf(folder) {
  const read = async (path) => (existsSync(new URL(path, app)) ? import(new URL(path, app)) : null);
  const whole = await read(`${folder}/words.js`);
  if (whole?.words?.en) return whole.words;
  if (whole?.en) return whole;
  const [en, zh, ru] = await Promise.all(LANGUAGES.map(async (language) => {
    const own = await read(`words-${language}/${folder}.js`) ?? await read(`${folder}/words-${language}.js`) ?? (language === "en" ? whole : null);
    return own?.words ?? own?.[language];
  }));
  return { en, zh, ru };
}

function folders() {
  return readdirSync(app, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function sources(folder = "") {
  return readdirSync(new URL(folder || ".", app), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    return entry.isDirectory() ? sources(`${path}/`) : path.endsWith(".js") ? [path] : [];
  });
}

const texts = (value) => (typeof value === "string" ? [value] : Object.values(value));
const places = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(" ");

test("every language has the same keys, with the same places for values", async () => {
  const { en, ...others } = await all();
  assert.ok(Object.keys(en).length > 500, String(Object.keys(en).length));
  for (const [language, words] of Object.entries(others)) {
    assert.deepEqual(Object.keys(words).sort(), Object.keys(en).sort(), language);
    for (const [key, value] of Object.entries(words)) {
      const wanted = new Set(texts(en[key]).flatMap((text) => text.match(/\{\w+\}/g) ?? []));
      for (const text of texts(value)) {
        assert.ok(text.trim(), `${key} is empty in ${language}`);
        const unknown = (text.match(/\{\w+\}/g) ?? []).filter((place) => !wanted.has(place));
        assert.deepEqual(unknown, [], `${key} in ${language}: ${text}`);
      }
      assert.equal(places(texts(value).at(-1)), places(texts(en[key]).at(-1)), `${key} in ${language}`);
    }
  }
});

test("where there is a number, a language has all of its forms", async () => {
  const found = await all();
  for (const language of LANGUAGES) {
    for (const [key, value] of Object.entries(found[language])) {
      if (typeof value !== "string") assert.deepEqual(Object.keys(value).sort(), [...FORMS[language]].sort(), `${key} in ${language}`);
    }
  }
});

test("no key is asked for that nobody knows, and none is there for nobody", async () => {
  const { en } = await all();
  const code = sources().filter((path) => !/(^|\/)words[^/]*\.js$|^words-/.test(path)).map((path) => readFileSync(fileURLToPath(new URL(path, app)), "utf8")).join("\n");
  const asked = [...code.matchAll(/\bt\("([^"]+)"/g)].map(([, key]) => key);
  assert.deepEqual([...new Set(asked)].filter((key) => !(key in en)), []);
  // Some keys are put together: `t(`app.${name}`)`.
  const beginnings = [...code.matchAll(/`([a-z_-]+\.[\w.-]*)\$\{/g)].map(([, beginning]) => beginning);
  const unused = Object.keys(en).filter((key) => !code.includes(`"${key}"`) && !beginnings.some((beginning) => key.startsWith(beginning)));
  assert.deepEqual(unused, []);
});
