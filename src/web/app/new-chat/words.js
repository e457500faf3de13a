// The words of the room `new-chat`.

/** @type {import("../words.js").Words} */
export const en = {};

/** @type {import("../words.js").Words} */
export const zh = {};

/** @type {import("../words.js").Words} */
export const ru = {};
