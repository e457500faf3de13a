// The English words of the room `chats`.

/** @type {import("../words.js").Words} */
export const words = {};
