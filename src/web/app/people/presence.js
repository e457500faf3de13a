// Whether somebody is online, as it is told now.

import { fill, h } from "../dom.js";
import { client } from "../session.js";
import { moment, t } from "../words.js";

/** A place for whether somebody is online; empty where that is not told. @param {any} user */
export function presenceOf(user) {
  const place = h("span", { class: "presence" });
  drawPresence(place, user);
  return place;
}

/** @param {Element} place @param {any} user */
export function drawPresence(place, user) {
  const now = client.presence(user.id);
  const last = now?.last_online_at ?? user.last_online_at;
  const text = now?.online ? t("app.online") : last ? t("people.last_online", { moment: moment(last) }) : "";
  if (place.textContent === text) return;
  place.classList.toggle("online", !!now?.online);
  fill(place, text);
}
