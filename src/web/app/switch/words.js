// The words of the feature `switch`.

/** @type {Record<string, import("../words.js").Words>} */
export const words = {
  en: {
    "keys.title": "Keys",
    "keys.switch": "Switch to a chat",
    "keys.help": "This list",
    "keys.next_chat": "Next chat",
    "keys.previous_chat": "Previous chat",
    "keys.next_unread": "Next unread chat",
    "keys.close": "Close, or leave the field",
    "switch.title": "Go to",
    "switch.field": "Name of a chat, a person or a page",
    "switch.none": "Nothing is called so.",
  },
  zh: {
    "keys.title": "快捷键",
    "keys.switch": "切换聊天",
    "keys.help": "显示此列表",
    "keys.next_chat": "下一个聊天",
    "keys.previous_chat": "上一个聊天",
    "keys.next_unread": "下一个未读聊天",
    "keys.close": "关闭或离开输入框",
    "switch.title": "前往",
    "switch.field": "聊天、联系人或页面的名称",
    "switch.none": "没有匹配的名称。",
  },
  ru: {
    "keys.title": "Клавиши",
    "keys.switch": "Перейти к чату",
    "keys.help": "Этот список",
    "keys.next_chat": "Следующий чат",
    "keys.previous_chat": "Предыдущий чат",
    "keys.next_unread": "Следующий непрочитанный чат",
    "keys.close": "Закрыть или покинуть поле",
    "switch.title": "Перейти",
    "switch.field": "Название чата, имя человека или страница",
    "switch.none": "Ничего с таким названием нет.",
  },
};
