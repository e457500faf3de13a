// Hooks: addresses by which other programs write in a chat.

import { avatarOf } from "../avatar.js";
import { button } from "../buttons.js";
import { attempt, confirmed } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { client } from "../session.js";
import { t, whole } from "../words.js";
import { shownOnce } from "./once.js";
import { Paged, folded } from "./paged.js";

/** @param {import("./chat-info.js").ChatInfo} info */
export function hooksSection(info) {
  return folded(t("info.hooks"), () => {
    /** @type {Paged<any>} */
    const hooks = new Paged({ path: info.path("/hooks"), keyOf: ({ id }) => id, empty: t("info.no_hooks"), row: (hook) => row(info, hook, hooks) });
    void hooks.load();
    const made = h("div");
    const making = form([field(t("info.hook_name"), { name: "name", maxlength: 255, required: true, autocomplete: "off", hint: t("info.hook_name_hint") })],
      t("info.make_hook"), async (values, element) => {
        const { url, ...hook } = await client.rest.post(info.path("/hooks"), { name: values.name.trim() });
        fill(made, shownOnce(t("info.hook_url"), url));
        element.reset();
        hooks.add(hook);
      });
    return [h("p", { class: "soft" }, t("info.hooks_about")), making, made, hooks.element];
  });
}

/** @param {import("./chat-info.js").ChatInfo} info @param {any} hook @param {Paged<any>} hooks */
function row(info, { id, name, avatar_url, bot_id, used_at }, hooks) {
  const remove = async () => {
    if (!(await confirmed(t("info.delete_hook_question", { name }), t("app.delete")))) return;
    if (await attempt(() => client.rest.delete(info.path(`/hooks/${id}`)))) hooks.remove(id);
  };
  return [
    avatarOf({ name, avatar_url, id: bot_id }),
    h("span", { class: "grow info-who" }, h("span", { dir: "auto" }, name), h("small", null, used_at ? t("info.used_at", { at: whole(used_at) }) : t("info.never_used"))),
    button(t("app.delete"), () => void remove(), { class: "danger" }),
  ];
}
