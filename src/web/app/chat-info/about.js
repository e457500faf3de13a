// What a chat is: its picture, title and description, and who may find it. Changed in place by who may.

import { avatarOfChat } from "../avatar.js";
import { button } from "../buttons.js";
import { attempt } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { client } from "../session.js";
import { t } from "../words.js";

/** @param {import("./chat-info.js").ChatInfo} info */
export function aboutSection(info) {
  const place = h("section", { class: "info-about" });
  let isEditing = false;
  const show = () => {
    const { chat } = info;
    const had = place.contains(document.activeElement);
    const edit = button(t("info.edit"), () => change(true), { class: "info-edit" });
    const picture = avatarOfChat(chat);
    picture.classList.add("large");
    fill(place, picture,
      h("h3", { class: "info-title", dir: "auto" }, chat.title),
      chat.description ? h("p", { class: "info-description", dir: "auto" }, chat.description) : null,
      h("p", { class: "inline info-chips" },
        h("span", { class: "chip" }, t(`info.${chat.visibility}`)),
        chat.retention_days ? h("span", { class: "chip" }, t("info.kept_days", { count: chat.retention_days })) : null),
      info.mayManage ? edit : null);
    if (had) edit.focus();
  };
  /** @param {boolean} isNow */
  const change = (isNow) => {
    isEditing = isNow;
    if (isNow) fill(place, editor(info, () => change(false)));
    else show();
    /** @type {HTMLElement | null} */ (place.querySelector(isNow ? "input:not([type=file])" : ".info-edit"))?.focus();
  };
  // What is being typed is not taken away when somebody else changes the chat.
  info.hear(({ type }) => type === "chat_updated" && !isEditing && show());
  show();
  return place;
}

/** @param {import("./chat-info.js").ChatInfo} info @param {() => void} end */
function editor(info, end) {
  const { chat, role } = info;
  const fields = [
    pictureLine(info),
    field(t("info.title"), { name: "title", value: chat.title, maxlength: 255, required: true, autocomplete: "off" }),
    field(t("info.description"), { name: "description", kind: "textarea", value: chat.description, maxlength: 4096 }),
    field(t("info.visibility"), { name: "visibility", kind: "select", options: [["public", t("info.public_long")], ["private", t("info.private_long")]], value: chat.visibility }),
    role === "creator" ? field(t("info.retention"), {
      name: "retention_days", type: "number", min: 1, max: 36500, value: chat.retention_days ?? "", hint: t("info.retention_hint"),
    }) : null,
  ];
  return form(fields, t("app.save"), async (values) => {
    const changed = changes(chat, values);
    if (Object.keys(changed).length) info.take(await client.rest.patch(info.path(), changed).catch(tellOfTitle));
    end();
  }, button(t("app.cancel"), end));
}

/** What is different: what is left out stays, though somebody else has changed it meanwhile. @param {any} chat @param {Record<string, any>} values */
function changes(chat, values) {
  /** @type {Record<string, any>} */
  const changed = {};
  for (const [name, value] of Object.entries(values)) {
    const before = name === "retention_days" ? (chat[name] ?? null) : chat[name];
    if (name in chat || name === "retention_days") if (value !== before) changed[name] = value;
  }
  return changed;
}

/** @param {any} error @returns {never} */
function tellOfTitle(error) {
  throw error.code === "title_taken" ? { message: t("info.title_taken"), errors: [{ field: "title", message: t("info.title_taken") }] } : error;
}

/** The picture, which is changed at once. @param {import("./chat-info.js").ChatInfo} info */
function pictureLine(info) {
  const line = h("div", { class: "inline" });
  const input = h("input", { type: "file", accept: "image/*", hidden: true, "aria-label": t("info.picture"), onchange: async () => {
    const [file] = input.files ?? [];
    if (!file) return;
    const data = new FormData();
    data.append("file", file);
    choose.disabled = true;
    await attempt(async () => info.take(await client.rest.post(info.path("/image"), data)));
    choose.disabled = false;
    input.value = "";
    draw();
  } });
  const choose = button(t("info.change_picture"), () => input.click());
  const remove = button(t("info.remove_picture"), async () => {
    await attempt(() => client.rest.delete(info.path("/image")).then(() => info.take({ ...info.chat, image_url: null })));
    draw();
    choose.focus();
  }, { class: "quiet" });
  const draw = () => fill(line, avatarOfChat(info.chat), input, choose, info.chat.image_url ? remove : null);
  draw();
  return line;
}
