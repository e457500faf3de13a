// The words of the feature `search`.

/** @type {import("../words.js").Words} */
export const en = {
  "search.title": "Search messages",
  "search.field": "Words of the message",
  "search.where": "Where",
  "search.here": "This chat",
  "search.everywhere": "All chats",
  "search.results": "Found messages",
  "search.found": { one: "{count} message", other: "{count} messages" },
  "search.found_more": { one: "More than {count} message", other: "More than {count} messages" },
  "search.none": "No message has all of these words.",
  "search.hint": "Every word has to occur; parts of words are found too.",
  "search.searching": "Searching …",
  "search.no_pins": "Nothing is pinned here yet.",
};

/** @type {import("../words.js").Words} */
export const zh = {
  "search.title": "搜索消息",
  "search.field": "消息中的词语",
  "search.where": "范围",
  "search.here": "当前聊天",
  "search.everywhere": "所有聊天",
  "search.results": "找到的消息",
  "search.found": { other: "{count} 条消息" },
  "search.found_more": { other: "超过 {count} 条消息" },
  "search.none": "没有消息包含全部词语。",
  "search.hint": "每个词语都须出现；词语的一部分也能找到。",
  "search.searching": "正在搜索…",
  "search.no_pins": "这里还没有置顶消息。",
};

/** @type {import("../words.js").Words} */
export const ru = {
  "search.title": "Поиск сообщений",
  "search.field": "Слова из сообщения",
  "search.where": "Где искать",
  "search.here": "В этом чате",
  "search.everywhere": "Во всех чатах",
  "search.results": "Найденные сообщения",
  "search.found": { one: "{count} сообщение", few: "{count} сообщения", many: "{count} сообщений", other: "{count} сообщения" },
  "search.found_more": { one: "Больше {count} сообщения", few: "Больше {count} сообщений", many: "Больше {count} сообщений", other: "Больше {count} сообщения" },
  "search.none": "Ни в одном сообщении нет всех этих слов.",
  "search.hint": "Должно встретиться каждое слово; находятся и части слов.",
  "search.searching": "Поиск…",
  "search.no_pins": "Здесь пока ничего не закреплено.",
};
