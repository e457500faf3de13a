// Making a chat: a group with a title, or a direct one with somebody.

import { Element } from "../element.js";
import { attempt } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { go } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { randomName } from "../../client/platform.js";
import { pictureField } from "./picture-field.js";

/** `<tl-new-chat>`; tells `done` when there is a chat, which is shown then. */
export class NewChat extends Element {
  place = h("div", { class: "stack" });
  tabs = h("div", { class: "tabs", role: "group", "aria-label": t("new_chat.kind") });
  /** What was typed stays while the other kind is looked at. @type {Record<string, HTMLElement>} */
  #made = {};
  /** The same chat is made once, however often it is tried. */
  #attempt = { body: "", key: "" };

  start() {
    fill(this.tabs, ["group", "direct"].map((kind) => h("button", {
      type: "button", dataset: { kind }, onclick: () => this.#choose(kind),
    }, t(`new_chat.${kind}`))));
    fill(this, this.tabs, this.place);
    this.#choose("group");
  }

  /** @param {string} kind */
  #choose(kind) {
    for (const tab of /** @type {Iterable<HTMLElement>} */ (this.tabs.children)) {
      if (tab.dataset.kind === kind) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
    this.#made[kind] ??= kind === "group" ? this.#group() : this.#direct();
    fill(this.place, this.#made[kind]);
    /** @type {HTMLElement | null} */ (this.place.querySelector("input:not([type=file])"))?.focus();
  }

  #group() {
    const picture = pictureField(t("new_chat.picture"), t("new_chat.choose_picture"));
    const visibility = (/** @type {string} */ value) => field(t(`new_chat.${value}`), {
      name: "visibility", type: "radio", value, checked: value === "public", hint: t(`new_chat.${value}_hint`),
    });
    return form([
      field(t("new_chat.title"), { name: "title", maxlength: 255, required: true, autocomplete: "off" }),
      field(t("new_chat.description"), { name: "description", kind: "textarea", maxlength: 4096, rows: 2 }),
      h("fieldset", { class: "plain" }, h("legend", { class: "visually-hidden" }, t("new_chat.visibility")), visibility("public"), visibility("private")),
      picture.element,
    ], t("new_chat.create"), (values) => this.#create(values, picture.file()));
  }

  /** @param {Record<string, any>} values @param {File | null} picture */
  async #create({ title, description, visibility }, picture) {
    const body = { title: title.trim(), description, visibility };
    if (this.#attempt.body !== JSON.stringify(body)) this.#attempt = { body: JSON.stringify(body), key: randomName() };
    const headers = { "Idempotency-Key": this.#attempt.key };
    const chat = await client.rest.call("POST", "/chats", { body, headers }).catch(tellOfTitle);
    if (picture) {
      const data = new FormData();
      data.append("file", picture);
      // The chat is there with or without it; it can be given another one there.
      await attempt(() => client.rest.post(`/chats/${chat.id}/image`, data));
    }
    this.#show(chat);
  }

  #direct() {
    return h("tl-people-search", { action: t("new_chat.write"), onchoose: (/** @type {CustomEvent} */ { detail }) => attempt(async () => {
      this.#show(await client.rest.post("/chats/direct", { user_id: detail.id }));
    }) });
  }

  /** @param {any} chat */
  #show(chat) {
    this.tell("done");
    go(`/chats/${chat.id}`);
  }
}

/** Says beside the title what is wrong with it. @param {any} error @returns {never} */
function tellOfTitle(error) {
  const isBad = error.errors?.some((/** @type {any} */ { field: name }) => name === "title");
  const text = error.code === "title_taken" ? t("new_chat.title_taken") : isBad ? t("new_chat.bad_title") : "";
  throw text ? { message: text, errors: [{ field: "title", message: text }] } : error;
}
