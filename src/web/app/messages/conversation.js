// A conversation: its header, its messages, the place where one writes, and what is opened beside them.

import "./header.js";
import "./history.js";
import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { attempt, sentence } from "../dialogs.js";
import { icon } from "../icons.js";
import { lazy } from "../pages.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { Pins } from "./pins.js";
import { LiveSource } from "./source.js";

/** What can be opened beside the conversation: its feature and its element. @type {Record<string, [() => Promise<unknown>, string]>} */
const PANELS = { info: [lazy.chatInfo, "tl-chat-info"], search: [lazy.search, "tl-message-search"], pins: [lazy.search, "tl-pins"] };

/** `<tl-conversation>`: the chat `params.chat_id`; `query.seq` is a place in it. */
class Conversation extends Element {
  header = /** @type {any} */ (h("tl-conversation-header"));
  place = h("div", { class: "conversation-place" });
  side = h("aside", { class: "conversation-side", hidden: true, "aria-label": t("messages.side") });
  /** @type {any} */
  history = null;
  /** @type {any} */
  composer = null;
  #panel = "";
  #opened = 0;

  start() {
    performance.mark("conversation-start");
    fill(this, h("section", { class: "conversation-main", "aria-label": t("messages.conversation") }, this.header, this.place), this.side);
    this.pins = new Pins(this);
    for (const panel of Object.keys(PANELS)) this.listen(this.header, panel, () => this.#toggle(panel));
    this.listen(this.side, "close", () => this.#close());
    this.listen(this.side, "keydown", (event) => event.key === "Escape" && !event.defaultPrevented && this.#close());
    this.listen(this, "reply", ({ detail }) => this.composer?.replyTo(detail));
    this.listen(this, "edit", ({ detail }) => this.composer?.edit(detail));
    this.listen(this, "leave", () => this.composer?.focus());
    this.follow("change", (id) => (id === null || id === this.params.chat_id) && this.#changed());
    this.#show();
  }

  moved() {
    const seq = this.#seq;
    if (seq !== null) this.history?.jump(seq);
    if (seq !== null && matchMedia("(max-width: 1100px)").matches) this.#close();
    return true;
  }

  /** The place in the chat that the address names. */
  get #seq() {
    const seq = Number(this.query.get("seq"));
    return Number.isSafeInteger(seq) && seq > 0 ? seq : null;
  }

  /** Shows the chat: as a member, as a visitor, or that there is nothing to see. */
  async #show() {
    const { chat_id } = this.params;
    const opened = ++this.#opened;
    const chat = client.chat(chat_id);
    if (chat) return this.#showLive(chat);
    try {
      // Those chats are in the list that were made or joined a moment ago.
      const found = await client.rest.get(`/chats/${chat_id}`);
      if (opened !== this.#opened || !this.isConnected) return;
      const mine = client.chat(chat_id);
      if (mine) this.#showLive(mine);
      else if (!(await this.#isMine())) await this.#showVisitor(found, opened);
      else if (opened === this.#opened && this.isConnected) this.#showLive(client.chat(chat_id));
    } catch (error) {
      if (opened === this.#opened && this.isConnected) this.#showNothing(error);
    }
  }

  /** Whether I am in it and the list does not say so yet. */
  async #isMine() {
    try {
      await client.open(this.params.chat_id);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {any} chat */
  #showLive(chat) {
    this.header.hidden = false;
    this.header.show(chat);
    this.composer = h("tl-composer", { params: { chat_id: chat.id } });
    this.history = h("tl-history", { source: new LiveSource(chat.id), pins: this.pins?.state });
    fill(this.place, this.history, this.composer);
    this.pins?.load();
    this.#openHistory();
  }

  /** @param {any} chat @param {number} opened */
  async #showVisitor(chat, opened) {
    const [, { visitorSource, joinBar }] = /** @type {any} */ (await lazy.visiting());
    if (opened !== this.#opened || !this.isConnected) return;
    this.header.hidden = false;
    this.header.show(chat);
    this.composer = null;
    this.history = h("tl-history", { source: visitorSource(chat.id, () => this.history?.changed()), pins: this.pins?.state });
    fill(this.place, this.history, joinBar((/** @type {HTMLButtonElement} */ join) => this.#join(join)));
    this.pins?.load();
    this.#openHistory();
  }

  async #openHistory() {
    await this.history.open(this.#seq);
    requestAnimationFrame(() => performance.mark("conversation-shown", { detail: this.params.chat_id }));
  }

  /** @param {any} error */
  #showNothing(error) {
    this.history = this.composer = null;
    this.header.hidden = true;
    const text = error.status === 404 ? t("messages.not_there") : sentence(error);
    fill(this.place, h("div", { class: "empty" }, icon("lock", 32), h("h1", null, text), h("a", { class: "button", href: address("/") }, t("app.home"))));
  }

  /** Where I have come into the chat or am no longer in it, it is shown in another way. */
  #changed() {
    const isLive = !!client.chat(this.params.chat_id);
    const wasLive = !!this.history?.source.isLive;
    if (isLive !== wasLive) this.#show();
    this.pins?.changed();
  }

  /** @param {HTMLButtonElement} join */
  async #join(join) {
    join.disabled = true;
    await attempt(() => client.rest.post(`/chats/${this.params.chat_id}/join`));
    if (this.isConnected) await this.#show();
    join.disabled = false;
    this.composer?.focus();
  }

  /** Opens something beside the conversation, or closes it. @param {string} panel */
  async #toggle(panel) {
    if (this.#panel === panel) return this.#close();
    const [load, element] = PANELS[panel];
    if (!(await attempt(load)) || !this.isConnected) return;
    this.#panel = panel;
    this.side.hidden = false;
    fill(this.side, h(element, { params: { chat_id: this.params.chat_id } }));
    this.header.open(panel);
    if (!this.side.contains(document.activeElement)) /** @type {HTMLElement | null} */ (this.side.querySelector("input, button, a"))?.focus();
  }

  #close() {
    if (!this.#panel) return;
    const opener = this.header[this.#panel];
    const hadFocus = this.side.contains(document.activeElement);
    this.#panel = "";
    this.side.hidden = true;
    fill(this.side);
    this.header.open("");
    if (hadFocus) opener?.focus();
  }
}

define("tl-conversation", Conversation);
