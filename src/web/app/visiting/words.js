// The words of the feature `visiting`.

/** @type {import("../words.js").Words} */
export const en = {
  "visiting.join": "Join",
  "visiting.join_hint": "You are reading along. Join to write here.",
};

/** @type {import("../words.js").Words} */
export const zh = {
  "visiting.join": "加入",
  "visiting.join_hint": "你正在旁观。加入后就能发言。",
};

/** @type {import("../words.js").Words} */
export const ru = {
  "visiting.join": "Вступить",
  "visiting.join_hint": "Вы читаете со стороны. Вступите, чтобы писать здесь.",
};
