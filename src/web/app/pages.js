// Every page: its address, its element, and the feature that is loaded when it is opened.

import { addPages } from "./router.js";

/** @param {string} name */
const style = (name) => {
  const href = new URL(`./${name}.css`, import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  return new Promise((resolve) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve, onerror: resolve });
    document.head.append(link);
  });
};

/** @param {string} name @param {() => Promise<unknown>} script */
const load = (name, script) => () => Promise.all([style("shared"), script(), style(name), import("./more-icons/index.js")]);

/**
 * The features, which are loaded when they are opened: `await lazy.emoji()`, then their elements are known.
 */
export const lazy = {
  signIn: load("sign-in", () => import("./sign-in/index.js")),
  discover: load("discover", () => import("./discover/index.js")),
  people: load("people", () => import("./people/index.js")),
  notifications: load("notifications", () => import("./notifications/index.js")),
  account: load("account", () => import("./account/index.js")),
  events: load("events", () => import("./events/index.js")),
  posts: load("posts", () => import("./posts/index.js")),
  admin: load("admin", () => import("./admin/index.js")),
  newChat: load("new-chat", () => import("./new-chat/index.js")),
  chatInfo: load("chat-info", () => import("./chat-info/index.js")),
  notices: load("notices", () => import("./notices/index.js")),
  chatMenu: load("chat-menu", () => import("./chat-menu/index.js")),
  switch: load("switch", () => import("./switch/index.js")),
  search: load("search", () => import("./search/index.js")),
  emoji: load("emoji", () => import("./emoji/index.js")),
  messageTools: load("message-tools", () => import("./message-tools/index.js")),
  visiting: load("visiting", () => import("./visiting/index.js")),
  viewer: load("viewer", () => import("./viewer/index.js")),
  composing: load("composing", () => import("./composing/index.js")),
  scheduled: load("scheduled", () => import("./scheduled/index.js")),
  codes: load("codes", () => import("./codes/index.js")),
  comments: load("comments", () => import("./comments/index.js")),
};

addPages([
  { pattern: "/", element: "tl-chats-page", place: "chats" },
  { pattern: "/chats/{chat_id}", element: "tl-chats-page", place: "chats" },
  { pattern: "/discover", element: "tl-discover-page", load: lazy.discover, place: "chats" },
  { pattern: "/invites/{token}", element: "tl-invite-page", load: lazy.discover, place: "chats" },
  { pattern: "/sign-in", element: "tl-sign-in-page", load: lazy.signIn, isPublic: true },
  { pattern: "/register", element: "tl-register-page", load: lazy.signIn, isPublic: true },
  { pattern: "/forgot-password", element: "tl-forgot-password-page", load: lazy.signIn, isPublic: true },
  { pattern: "/reset-password", element: "tl-reset-password-page", load: lazy.signIn, isPublic: true },
  { pattern: "/people", element: "tl-people-page", load: lazy.people, place: "people" },
  { pattern: "/people/{user_id}", element: "tl-person-page", load: lazy.people, place: "people" },
  { pattern: "/notifications", element: "tl-notifications-page", load: lazy.notifications, place: "notifications" },
  { pattern: "/account", element: "tl-account-page", load: lazy.account, place: "account" },
  { pattern: "/account/{section}", element: "tl-account-page", load: lazy.account, place: "account" },
  { pattern: "/events", element: "tl-events-page", load: lazy.events, place: "events" },
  { pattern: "/events/new", element: "tl-event-form-page", load: lazy.events, place: "events" },
  { pattern: "/events/{event_id}", element: "tl-event-page", load: lazy.events, place: "events" },
  { pattern: "/events/{event_id}/edit", element: "tl-event-form-page", load: lazy.events, place: "events" },
  { pattern: "/events/{event_id}/check-in", element: "tl-check-in-page", load: lazy.events, place: "events" },
  { pattern: "/tickets", element: "tl-tickets-page", load: lazy.events, place: "events" },
  { pattern: "/posts", element: "tl-posts-page", load: lazy.posts, place: "posts" },
  { pattern: "/posts/new", element: "tl-post-form-page", load: lazy.posts, place: "posts" },
  { pattern: "/posts/{post_id}", element: "tl-post-page", load: lazy.posts, place: "posts" },
  { pattern: "/posts/{post_id}/edit", element: "tl-post-form-page", load: lazy.posts, place: "posts" },
  { pattern: "/admin", element: "tl-admin-page", load: lazy.admin, place: "admin" },
  { pattern: "/admin/{section}", element: "tl-admin-page", load: lazy.admin, place: "admin" },
]);
