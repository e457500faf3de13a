// The words of comments.

/** @type {Record<string, import("../words.js").Words>} */
export const words = {
  en: {
    "comments.title": "Comments",
    "comments.none": "Nobody has commented yet.",
    "comments.field": "Your comment",
    "comments.hint": "Ctrl+Enter sends it",
    "comments.send": "Comment",
    "comments.left": { one: "{count} character left", other: "{count} characters left" },
    "comments.over": { one: "{count} character too many", other: "{count} characters too many" },
    "comments.delete": "Delete the comment of {name}",
    "comments.question": "Delete this comment?",
    "comments.deleted": "The comment is deleted.",
    "comments.failed": "The comments could not be loaded.",
    "comments.blocked": "You cannot comment here.",
  },
  zh: {
    "comments.title": "评论",
    "comments.none": "还没有人评论。",
    "comments.field": "您的评论",
    "comments.hint": "按 Ctrl+Enter 发送",
    "comments.send": "发表评论",
    "comments.left": { other: "还可输入 {count} 个字符" },
    "comments.over": { other: "超出 {count} 个字符" },
    "comments.delete": "删除{name}的评论",
    "comments.question": "删除这条评论？",
    "comments.deleted": "评论已删除。",
    "comments.failed": "无法加载评论。",
    "comments.blocked": "您不能在此评论。",
  },
  ru: {
    "comments.title": "Комментарии",
    "comments.none": "Комментариев пока нет.",
    "comments.field": "Ваш комментарий",
    "comments.hint": "Ctrl+Enter — отправить",
    "comments.send": "Отправить",
    "comments.left": {
      one: "остался {count} символ", few: "осталось {count} символа", many: "осталось {count} символов", other: "осталось {count} символа",
    },
    "comments.over": {
      one: "лишний {count} символ", few: "лишние {count} символа", many: "лишних {count} символов", other: "лишних {count} символа",
    },
    "comments.delete": "Удалить комментарий: {name}",
    "comments.question": "Удалить этот комментарий?",
    "comments.deleted": "Комментарий удалён.",
    "comments.failed": "Не удалось загрузить комментарии.",
    "comments.blocked": "Вы не можете здесь комментировать.",
  },
};
