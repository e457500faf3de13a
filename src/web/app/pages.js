// Every page: its address, its element, and the room that is loaded when it is opened.

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
const room = (name, script) => () => Promise.all([style("shared"), script(), style(name), import("./more-icons/index.js")]);

/**
 * The rooms that are loaded when they are opened: `await rooms.emoji()`, then their elements are known.
 */
export const rooms = {
  signIn: room("sign-in", () => import("./sign-in/index.js")),
  discover: room("discover", () => import("./discover/index.js")),
  people: room("people", () => import("./people/index.js")),
  notifications: room("notifications", () => import("./notifications/index.js")),
  account: room("account", () => import("./account/index.js")),
  events: room("events", () => import("./events/index.js")),
  posts: room("posts", () => import("./posts/index.js")),
  admin: room("admin", () => import("./admin/index.js")),
  newChat: room("new-chat", () => import("./new-chat/index.js")),
  chatInfo: room("chat-info", () => import("./chat-info/index.js")),
  notices: room("notices", () => import("./notices/index.js")),
  chatMenu: room("chat-menu", () => import("./chat-menu/index.js")),
  switch: room("switch", () => import("./switch/index.js")),
  search: room("search", () => import("./search/index.js")),
  emoji: room("emoji", () => import("./emoji/index.js")),
  messageTools: room("message-tools", () => import("./message-tools/index.js")),
  visiting: room("visiting", () => import("./visiting/index.js")),
  viewer: room("viewer", () => import("./viewer/index.js")),
  composing: room("composing", () => import("./composing/index.js")),
  scheduled: room("scheduled", () => import("./scheduled/index.js")),
  codes: room("codes", () => import("./codes/index.js")),
  comments: room("comments", () => import("./comments/index.js")),
};

addPages([
  { pattern: "/", element: "tl-chats-page", place: "chats" },
  { pattern: "/chats/{chat_id}", element: "tl-chats-page", place: "chats" },
  { pattern: "/discover", element: "tl-discover-page", load: rooms.discover, place: "chats" },
  { pattern: "/invites/{token}", element: "tl-invite-page", load: rooms.discover, place: "chats" },
  { pattern: "/sign-in", element: "tl-sign-in-page", load: rooms.signIn, isPublic: true },
  { pattern: "/register", element: "tl-register-page", load: rooms.signIn, isPublic: true },
  { pattern: "/forgot-password", element: "tl-forgot-password-page", load: rooms.signIn, isPublic: true },
  { pattern: "/reset-password", element: "tl-reset-password-page", load: rooms.signIn, isPublic: true },
  { pattern: "/people", element: "tl-people-page", load: rooms.people, place: "people" },
  { pattern: "/people/{user_id}", element: "tl-person-page", load: rooms.people, place: "people" },
  { pattern: "/notifications", element: "tl-notifications-page", load: rooms.notifications, place: "notifications" },
  { pattern: "/account", element: "tl-account-page", load: rooms.account, place: "account" },
  { pattern: "/account/{section}", element: "tl-account-page", load: rooms.account, place: "account" },
  { pattern: "/events", element: "tl-events-page", load: rooms.events, place: "events" },
  { pattern: "/events/new", element: "tl-event-form-page", load: rooms.events, place: "events" },
  { pattern: "/events/{event_id}", element: "tl-event-page", load: rooms.events, place: "events" },
  { pattern: "/events/{event_id}/edit", element: "tl-event-form-page", load: rooms.events, place: "events" },
  { pattern: "/events/{event_id}/check-in", element: "tl-check-in-page", load: rooms.events, place: "events" },
  { pattern: "/tickets", element: "tl-tickets-page", load: rooms.events, place: "events" },
  { pattern: "/posts", element: "tl-posts-page", load: rooms.posts, place: "posts" },
  { pattern: "/posts/new", element: "tl-post-form-page", load: rooms.posts, place: "posts" },
  { pattern: "/posts/{post_id}", element: "tl-post-page", load: rooms.posts, place: "posts" },
  { pattern: "/posts/{post_id}/edit", element: "tl-post-form-page", load: rooms.posts, place: "posts" },
  { pattern: "/admin", element: "tl-admin-page", load: rooms.admin, place: "admin" },
  { pattern: "/admin/{section}", element: "tl-admin-page", load: rooms.admin, place: "admin" },
]);
