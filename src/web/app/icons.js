// The pictures of buttons, drawn with lines in a square of 24.

import { svg } from "./dom.js";

/** @type {Record<string, string>} */
const PATHS = {
  chats: "M4 5h16v11H9l-5 4z",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6M18 14.5c2 .8 3.200 2.600 3.500 5.500",
  events: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  posts: "M5 3h10l4 4v14H5zM14 3v5h5M8 12h8M8 16h8",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4",
  account: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21c.600-5 3.600-7 8-7s7.400 2 8 7",
  admin: "M12 3l8 3v6c0 5-3.500 8-8 9-4.500-1-8-4-8-9V6zM9 12l2 2 4-4",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13M15.500 15.500L21 21",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  back: "M15 5l-7 7 7 7",
  check: "M5 12.500l4.500 4.500L19 7",
  send: "M4 12L20 4l-5 16-3.500-6.500z",
  attach: "M20 11l-8.500 8.500a5 5 0 0 1-7-7L13 4a3.500 3.500 0 0 1 5 5l-8.500 8.500a1.800 1.800 0 0 1-2.500-2.500L14.500 7.500",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M8.500 14.500c1.800 2.500 5.200 2.500 7 0M9 9.500h.01M15 9.500h.01",
  reply: "M10 6L4 12l6 6M4 12h10c4 0 6 2 6 6",
  edit: "M4 20l1-5L16 4l4 4L9 19z",
  pin: "M9 3h6l-1 6 4 4H6l4-4zM12 13v8",
  more: "M5 12a.700.700 0 1 0 1.400 0 .700.700 0 1 0-1.400 0M11.300 12a.700.700 0 1 0 1.400 0 .700.700 0 1 0-1.400 0M17.600 12a.700.700 0 1 0 1.400 0 .700.700 0 1 0-1.400 0",
  mute: "M6 17V11a6 6 0 0 1 9-5M18 11v6l2 2H8M4 4l16 16",
  lock: "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
  download: "M12 4v11M7 11l5 5 5-5M4 20h16",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l3.500 2",
  warning: "M12 4l9 16H3zM12 10v4M12 17h.01",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 11v5M12 8h.01",
  leave: "M14 4H5v16h9M10 12h10M16 8l4 4-4 4",
  compass: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M15.500 8.500l-2 5-5 2 2-5z",
  block: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M5.500 5.500l13 13",
};

/** A picture; nothing is read out for it. @param {string} name @param {number} [size] */
export function icon(name, size = 20) {
  const path = svg("path", { d: PATHS[name] ?? PATHS.info });
  return svg("svg", { viewBox: "0 0 24 24", width: size, height: size, class: "icon", "aria-hidden": "true" }, path);
}

/** Adds pictures that the first screen does without. @param {Record<string, string>} more */
export function addIcons(more) {
  Object.assign(PATHS, more);
}
