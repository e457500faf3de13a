// The English words of the room `composer`.

/** @type {import("../words.js").Words} */
export const words = {};
