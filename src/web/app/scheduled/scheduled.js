// What is sent later: `<tl-scheduled>`, each message with its chat and its time, to be deleted or sent now.

import { avatarOfChat } from "../avatar.js";
import { button } from "../buttons.js";
import { notice, sentence, tellError } from "../dialogs.js";
import { fill, fillKeyed, h } from "../dom.js";
import { Element, define } from "../element.js";
import { isFinal } from "../composer/refusals.js";
import { draftFor } from "../composer/open-drafts.js";
import { Pages, moreOf } from "../paging.js";
import { client } from "../session.js";
import { t, whole } from "../words.js";

/** The list, inside of a dialog. */
class Scheduled extends Element {
  list = h("ul", { class: "rows", "aria-label": t("scheduled.list") });
  state = h("p", { class: "soft", role: "status" }, t("app.loading"));
  pages = this.#pages();
  more = moreOf(() => this.#next());

  start() {
    this.more.hidden = true;
    fill(this, this.list, this.state, this.more);
    this.follow("frame", (frame) => this.#frame(frame));
    this.#load();
  }

  #pages() {
    return new Pages("/users/me/scheduled", {}, { by: "" });
  }

  async #load() {
    const pages = this.#pages();
    try {
      await pages.more(this.signal);
      this.pages = pages;
      this.more.hidden = pages.isWhole;
      this.#draw();
    } catch (error) {
      if (this.isConnected) fill(this.state, sentence(error), " ", button(t("app.retry"), () => this.#load()));
    }
  }

  async #next() {
    await this.pages.more(this.signal);
    this.#draw();
    return !this.pages.isWhole;
  }

  #draw() {
    const { items, total } = this.pages;
    if (total === null) return;
    fillKeyed(this.list, items, ({ id, status }) => `${id} ${status}`, (item) => this.#row(item));
    fill(this.state, items.length ? null : t("scheduled.none"));
    this.state.className = items.length ? "visually-hidden" : "empty";
  }

  /** @param {any} item */
  #row(item) {
    const chat = client.chat(item.chat_id);
    const name = chat ? (chat.title ?? chat.peer?.name ?? t("app.gone_person")) : t("scheduled.gone_chat");
    const files = item.attachments.length ? t("scheduled.files", { count: item.attachments.length }) : "";
    const now = button(t("scheduled.now"), () => this.#act(item, [now, remove], () => this.#sendNow(item)), { "aria-label": t("scheduled.now_of", { chat: name }) });
    const remove = button(t("app.delete"), () => this.#act(item, [now, remove], () => this.#delete(item)), {
      class: "danger", "aria-label": t("scheduled.delete_of", { chat: name }),
    });
    return h("li", null, chat ? avatarOfChat(chat) : null, h("div", { class: "grow" },
      h("strong", { dir: "auto" }, name),
      h("p", { class: "scheduled-text", dir: "auto" }, item.content ?? files, item.content && files ? h("span", { class: "soft" }, ` (${files})`) : null),
      h("small", { class: item.status === "failed" ? "scheduled-failed" : "" }, timeOf(item))),
    h("div", { class: "scheduled-actions" }, now, remove));
  }

  /** Does something with one; while that lasts nothing else can be done with it. @param {any} item @param {HTMLButtonElement[]} buttons @param {() => Promise<string>} work */
  async #act(item, buttons, work) {
    const at = this.pages.items.indexOf(item);
    for (const each of buttons) each.disabled = true;
    try {
      const told = await work();
      this.#remove(item.id);
      notice(told);
      const next = this.list.children[Math.min(at, this.list.children.length - 1)] ?? this.closest("dialog");
      /** @type {HTMLElement | null | undefined} */ (next?.querySelector("button"))?.focus();
    } catch (error) {
      tellError(error);
    } finally {
      for (const each of buttons) each.disabled = false;
    }
  }

  /** Answers whether it was still waiting. @param {any} item */
  async #take(item) {
    try {
      await client.rest.delete(`/users/me/scheduled/${item.id}`);
      return true;
    } catch (error) {
      if (/** @type {any} */ (error).status === 404) return false;
      throw error;
    }
  }

  /** @param {any} item */
  async #delete(item) {
    return (await this.#take(item)) ? t("scheduled.deleted") : t("scheduled.was_sent");
  }

  /** Only what waits no more is handed to the outbox: it is never sent twice. @param {any} item */
  async #sendNow(item) {
    if (!(await this.#take(item))) return t("scheduled.was_sent");
    const { content, reply_to, attachments } = item;
    try {
      await client.send(item.chat_id, { content: content ?? undefined, reply_to: reply_to ?? undefined, attachments });
    } catch (error) {
      // It waits nowhere any more: back to where it can be sent from.
      draftFor(item.chat_id).add(content ?? "");
      throw error;
    }
    return t("scheduled.sending");
  }

  /** @param {string} id */
  #remove(id) {
    this.pages.remove(id);
    this.#draw();
  }

  /** @param {any} frame */
  #frame(frame) {
    if (frame.type === "new_message") {
      if (this.pages.items.some(({ id }) => id === frame.message.id)) this.#remove(frame.message.id);
    } else if (frame.type === "notification" && frame.notification?.kind === "scheduled_failed") this.#load();
  }
}

/** @param {any} item */
function timeOf({ status, send_at, failed_at, reason }) {
  if (status !== "failed") return t("scheduled.at", { time: whole(send_at) });
  const why = isFinal(reason) ? t(`composer.${reason}`) : t("scheduled.why", { reason });
  return t("scheduled.failed", { time: whole(failed_at ?? send_at), why });
}

define("tl-scheduled", Scheduled);
