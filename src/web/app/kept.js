// What somebody is writing, kept in this browser until it is sent: beside the person, so that nobody else finds it.

import { client } from "./session.js";

/** @param {string} name */
const key = (name) => `trunkline.draft.${client.userId}.${name}`;

/** What is kept under a name; null where nothing is. @param {string} name @returns {any} */
export function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(key(name)) ?? "null");
  } catch {
    return null;
  }
}

/** Keeps something; null, undefined or "" forgets it. @param {string} name @param {unknown} value */
export function keep(name, value) {
  // Who has signed out meanwhile leaves nothing here.
  if (client.userId === null) return;
  try {
    if (value === null || value === undefined || value === "") localStorage.removeItem(key(name));
    else localStorage.setItem(key(name), JSON.stringify(value));
  } catch {
    // A browser that keeps nothing, or is full: then it is lost with the page.
  }
}
