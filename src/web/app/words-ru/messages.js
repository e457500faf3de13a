// The words of the room `messages`.

/** @type {import("../words.js").Words} */
export const words = {};
