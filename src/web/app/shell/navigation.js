// The navigation: the places of the client, with what is new in them.

import { muteOf } from "../chats/mutes.js";
import { fillKeyed, h } from "../dom.js";
import { icon } from "../icons.js";
import { address } from "../router.js";
import { client, hasOtherRole, me } from "../session.js";
import { number, t } from "../words.js";

/** Places: their name, picture and path. @type {[string, string, string][]} */
const PLACES = [
  ["chats", "chats", "/"],
  ["people", "people", "/people"],
  ["events", "events", "/events"],
  ["posts", "posts", "/posts"],
  ["notifications", "bell", "/notifications"],
  ["account", "account", "/account"],
  ["admin", "admin", "/admin"],
];

/** How many of a kind are new, beside the chats, which the client counts. @type {Map<string, number>} */
const counts = new Map();

/** What was drawn last. @type {[HTMLElement, string] | null} */
let drawn = null;

/** Says how much is new in a place. @param {string} place @param {number} count */
export function setCount(place, count) {
  if (counts.get(place) === count) return;
  counts.set(place, count);
  if (drawn) drawNavigation(...drawn);
}

/** Draws the navigation anew. @param {HTMLElement} navigation @param {string} current */
export function drawNavigation(navigation, current) {
  drawn = [navigation, current];
  navigation.hidden = me() === null;
  const unread = client.chats.filter((chat) => chat.unread_count > 0 && !isMuted(chat)).length;
  counts.set("chats", unread);
  const places = PLACES.filter(([name]) => name !== "admin" || hasOtherRole());
  fillKeyed(navigation, places, ([name]) => name, ([name, picture, path]) => h("a", { href: address(path) },
    icon(picture, 22), h("span", { class: "navigation-name" }, t(`app.${name}`)), h("span", { class: "count", hidden: true })));
  for (const link of /** @type {Iterable<HTMLElement>} */ (navigation.children)) {
    const name = link.dataset.key ?? "";
    if (name === current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    const badge = /** @type {HTMLElement} */ (link.querySelector(".count"));
    const count = counts.get(name) ?? 0;
    badge.hidden = count === 0;
    badge.textContent = count > 99 ? `${number(99)}+` : number(count);
  }
  badgeOfApp(unread + (counts.get("notifications") ?? 0), current);
}

/** Whether a chat is muted now. @param {any} chat */
export function isMuted(chat) {
  return muteOf(chat) !== null;
}

/** The number on the installed program's picture; before the title, which names the place. @param {number} count @param {string} current */
function badgeOfApp(count, current) {
  document.title = `${count ? `(${count}) ` : ""}${current ? `${t(`app.${current}`)} · ` : ""}Trunkline`;
  const program = /** @type {any} */ (navigator);
  if (count) program.setAppBadge?.(count).catch(() => {});
  else program.clearAppBadge?.().catch(() => {});
}
