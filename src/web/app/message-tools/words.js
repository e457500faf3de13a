// The words of the feature `message-tools`.

/** @type {import("../words.js").Words} */
export const en = {
  "tools.actions": "Actions",
  "tools.more": "More actions",
  "tools.do_react": "React",
  "tools.do_reply": "Reply",
  "tools.do_edit": "Edit",
  "tools.do_pin": "Pin",
  "tools.do_unpin": "Unpin",
  "tools.do_copy": "Copy text",
  "tools.do_link": "Copy link",
  "tools.do_recall": "Recall",
  "tools.recall_question": "Recall this message? Its text and files are removed for everybody.",
  "tools.copied": "Copied",
};

/** @type {import("../words.js").Words} */
export const zh = {
  "tools.actions": "操作",
  "tools.more": "更多操作",
  "tools.do_react": "回应",
  "tools.do_reply": "回复",
  "tools.do_edit": "编辑",
  "tools.do_pin": "置顶",
  "tools.do_unpin": "取消置顶",
  "tools.do_copy": "复制文字",
  "tools.do_link": "复制链接",
  "tools.do_recall": "撤回",
  "tools.recall_question": "撤回这条消息吗？所有人都将看不到它的文字和文件。",
  "tools.copied": "已复制",
};

/** @type {import("../words.js").Words} */
export const ru = {
  "tools.actions": "Действия",
  "tools.more": "Другие действия",
  "tools.do_react": "Реакция",
  "tools.do_reply": "Ответить",
  "tools.do_edit": "Изменить",
  "tools.do_pin": "Закрепить",
  "tools.do_unpin": "Открепить",
  "tools.do_copy": "Копировать текст",
  "tools.do_link": "Копировать ссылку",
  "tools.do_recall": "Отозвать",
  "tools.recall_question": "Отозвать это сообщение? Его текст и файлы исчезнут для всех.",
  "tools.copied": "Скопировано",
};
