// Ctrl-K: a field that finds chats, people and pages by the beginning of their words.

import { openDirectChat } from "../direct.js";
import { avatarOf, avatarOfChat } from "../avatar.js";
import { fill, h } from "../dom.js";
import { attempt, openDialog } from "../dialogs.js";
import { icon } from "../icons.js";
import { go } from "../router.js";
import { client, hasOtherRole } from "../session.js";
import { t } from "../words.js";

/** How many are shown. */
const MOST = 12;
/** How long is waited for the next letter before people are searched. */
const PAUSE_MS = 200;
const PAGES = [["chats", "/"], ["people", "/people"], ["events", "/events"], ["posts", "/posts"], ["notifications", "/notifications"], ["account", "/account"]];

/** @typedef {{name: string, picture: () => Node, run: () => void}} Goal */

/** Opens the field. */
export function openSwitch() {
  if (document.querySelector("dialog.switch")) return;
  openDialog(t("switch.title"), (dialog) => {
    const list = h("div", { role: "listbox", id: "switch-list", class: "switch-list", "aria-label": t("switch.title") });
    const input = h("input", {
      type: "search", autofocus: true, autocomplete: "off", role: "combobox", "aria-label": t("switch.field"), placeholder: t("switch.field"),
      "aria-controls": "switch-list", "aria-expanded": "true",
    });
    /** @type {Goal[]} */
    let goals = [];
    let at = 0;
    const draw = () => {
      fill(list, goals.map((goal, place) => h("button", {
        type: "button", role: "option", id: `switch-${place}`, "aria-selected": String(place === at), onclick: () => choose(goal),
      }, goal.picture(), goal.name)), goals.length ? null : h("p", { class: "empty" }, t("switch.none")));
      input.setAttribute("aria-activedescendant", `switch-${at}`);
      list.children[at]?.scrollIntoView({ block: "nearest" });
    };
    /** @param {Goal | undefined} goal */
    const choose = (goal) => {
      if (!goal) return;
      dialog.close("");
      goal.run();
    };
    const look = () => {
      at = 0;
      const wanted = input.value.trim();
      goals = known(wanted);
      draw();
      search(wanted, (people) => {
        // Somebody has typed on meanwhile.
        if (input.value.trim() !== wanted) return;
        goals = [...goals, ...people].slice(0, MOST);
        draw();
      });
    };
    input.addEventListener("input", look);
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && goals.length) {
        event.preventDefault();
        at = (at + step + goals.length) % goals.length;
        draw();
      } else if (event.key === "Enter") {
        event.preventDefault();
        choose(goals[at]);
      }
    });
    look();
    return [input, list];
  }, "switch");
}

/** Chats and pages whose names have a word that begins so. @param {string} wanted @returns {Goal[]} */
function known(wanted) {
  const words = wanted.toLocaleLowerCase();
  const fits = (/** @type {string} */ name) => ` ${name.toLocaleLowerCase()}`.includes(` ${words}`);
  const chats = client.chats.map((chat) => ({
    name: chat.title ?? chat.peer?.name ?? t("app.gone_person"), picture: () => avatarOfChat(chat), run: () => go(`/chats/${chat.id}`),
  }));
  const pages = (hasOtherRole() ? [...PAGES, ["admin", "/admin"]] : PAGES).map(([place, path]) => ({
    name: t(`app.${place}`), picture: () => icon(place === "notifications" ? "bell" : place), run: () => go(path),
  }));
  return [...chats, ...pages].filter(({ name }) => fits(name)).slice(0, MOST);
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let later;

/** People with such a name, a moment after the last letter. @param {string} wanted @param {(people: Goal[]) => void} found */
function search(wanted, found) {
  clearTimeout(later);
  if (wanted.length < 2) return;
  later = setTimeout(async () => {
    const people = await client.rest.get("/users", { search: wanted, limit: 5 }).catch(() => ({ items: [] }));
    found(people.items.filter((/** @type {any} */ { id }) => id !== client.userId).map((/** @type {any} */ user) => ({
      name: user.name,
      picture: () => avatarOf(user),
      run: () => attempt(() => openDirectChat(user.id)),
    })));
  }, PAUSE_MS);
}
