// The words of the feature `viewer`.

/** @type {import("../words.js").Words} */
export const en = {
  "viewer.title": "Picture",
  "viewer.previous": "Previous picture",
  "viewer.next": "Next picture",
  "viewer.download": "Download",
  "viewer.place": "{at} of {count}",
  "viewer.failed": "This picture could not be loaded.",
};

/** @type {import("../words.js").Words} */
export const zh = {
  "viewer.title": "图片",
  "viewer.previous": "上一张图片",
  "viewer.next": "下一张图片",
  "viewer.download": "下载",
  "viewer.place": "第 {at} 张，共 {count} 张",
  "viewer.failed": "无法加载这张图片。",
};

/** @type {import("../words.js").Words} */
export const ru = {
  "viewer.title": "Изображение",
  "viewer.previous": "Предыдущее изображение",
  "viewer.next": "Следующее изображение",
  "viewer.download": "Скачать",
  "viewer.place": "{at} из {count}",
  "viewer.failed": "Не удалось загрузить изображение.",
};
