// The messages of a chat: `<tl-history>`. Nothing moves under the reader, and only some hundred rows are in the page.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { attempt } from "../dialogs.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { Announcer } from "./announcer.js";
import { Filling } from "./filling.js";
import { Keys } from "./keys.js";
import { Slice, itemsOf, place } from "./items.js";
import { ScrollAnchor } from "./scroll-anchor.js";
import { drawPresentButton, presentButton } from "./present.js";
import { positionIn, rememberPosition } from "./positions.js";
import { Reading } from "./reading.js";
import { messageOf } from "./row.js";
import { Rows } from "./rows.js";
import { Tools } from "./tools.js";

/** How far below the upper edge the divider of what is new is put. */
const MARGIN = 48;
/** How long the row is marked to which one has jumped. */
const MARKED_MS = 2_500;

/** The messages of a chat. It is given `source`, and tells `reply` and `edit` with a message. */
export class History extends Element {
  /** @type {import("./source.js").LiveSource | import("../visiting/source.js").VisitorSource} */
  source = /** @type {any} */ (null);
  /** The messages that are pinned, and whether I may pin. */
  pins = { ids: new Set(), can: false };
  view = h("div", { class: "history-view", tabindex: -1 });
  list = h("ol", { class: "history-list", "aria-label": t("messages.list") });
  top = h("div", { class: "history-top" });
  button = presentButton(() => void this.toPresent());
  anchor = new ScrollAnchor(this.view, this.list);
  slice = new Slice();
  /** What was behind this place was new when the chat was opened. @type {number | null} */
  newAfter = null;
  /** @type {import("./source.js").State | null} */
  #state = null;
  #isPlaced = false;
  /** What I have said since I left the end. */
  #mine = { last: "", count: 0 };
  /** Counts where one has gone: what was asked for before is of no use. */
  #turn = 0;
  #isStale = false;
  #frame = 0;

  start() {
    const { chatId } = this.source;
    this.announcer = new Announcer();
    this.reading = new Reading(chatId);
    fill(this, this.announcer.element, this.view, this.button);
    fill(this.view, this.top, this.list);
    /** @type {import("./row.js").RowContext} */
    this.context = {
      chatId, isLive: this.source.isLive, person: (id) => this.source.person(id), all: () => this.#state?.messages ?? [],
      find: (id) => this.#state?.messages.findLast((message) => message.id === id), jump: (seq) => void this.jump(seq),
    };
    this.tools = new Tools(this);
    this.keys = new Keys(this);
    this.filling = new Filling(this);
    this.rows = new Rows(this.list, this.context, (row) => this.keys?.made(row), (row) => row.contains(document.activeElement) && this.keys?.lost());
    this.listen(this.view, "scroll", () => this.#scrolled(), { passive: true });
    this.listen(document, "visibilitychange", () => this.#turned());
    this.follow("change", (id) => (id === null || id === chatId) && this.changed());
    const sizes = new ResizeObserver(() => {
      this.anchor.settle();
      this.anchor.pick();
    });
    for (const part of [this.view, this.list]) sizes.observe(part);
    this.signal.addEventListener("abort", () => sizes.disconnect());
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#remember();
    this.reading?.tell();
  }

  /** Shows the chat for the first time: at a place in it, where one was, at what is new, or at its end. @param {number | null} seq */
  async open(seq) {
    const state = this.source.state();
    const position = seq === null ? positionIn(this.source.chatId) : null;
    if (state?.unread) this.newAfter = state.lastRead;
    const around = seq ?? position?.seq ?? this.newAfter ?? undefined;
    // What is held already is shown at once.
    const isHeld = this.source.isHeld(around);
    const opening = this.#goes(() => this.source.open(around));
    if (!isHeld) this.#drawTop();
    if (!isHeld && !(await opening)) return;
    this.#state = this.source.state();
    const messages = this.#state?.messages ?? [];
    if (around === undefined) this.slice.toEnd(messages);
    else this.slice.around(messages, around);
    this.#isPlaced = true;
    this.anchor.isAtEnd = around === undefined;
    this.render();
    const divider = this.list.querySelector(".divider.is-new");
    if (seq !== null) this.#showRow(seq);
    else if (position) this.#goTo(this.#rowAt(position.seq)?.lastElementChild, position.offset);
    else if (divider) this.#goTo(divider, MARGIN);
    else this.anchor.toEnd();
    this.#after();
  }

  /** Goes to a place in the chat, and marks the message there. @param {number} seq */
  async jump(seq) {
    this.anchor.isAtEnd = false;
    if (!(await this.#goes(() => this.source.open(seq)))) return;
    this.#isPlaced = true;
    this.#state = this.source.state();
    if (!this.#rowAt(seq)) {
      this.slice.around(this.#state?.messages ?? [], seq);
      this.render();
    }
    this.#showRow(seq);
    this.#after();
  }

  /** Goes back to the end. */
  async toPresent() {
    if (!(await this.#goes(() => this.source.present()))) return;
    this.#state = this.source.state();
    this.slice.toEnd(this.#state?.messages ?? []);
    this.anchor.isAtEnd = true;
    this.render();
    this.anchor.toEnd();
    this.#after();
  }

  /** Loads what is needed to go somewhere; says whether that is still where to go. @param {() => Promise<unknown>} work */
  async #goes(work) {
    const turn = ++this.#turn;
    return (await attempt(work)) && this.isConnected && turn === this.#turn;
  }

  /** Something is different: it is shown with the next frame, however much it is until then. */
  changed() {
    this.#isStale = true;
    this.#soon();
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.#isPlaced) return;
      if (this.#isStale) {
        this.#isStale = false;
        this.#state = this.source.state() ?? this.#state;
        this.render();
      }
      this.#after();
    });
  }

  /** Brings the rows of the page up to what is to be shown. */
  render() {
    const state = this.#state;
    if (!state || !this.context) return;
    const { anchor, slice } = this;
    const bounds = slice.bounds(state.messages, anchor.isAtEnd);
    anchor.reachesEnd = !state.hasNewer && bounds[1] === state.messages.length;
    const items = itemsOf(state, bounds, { newAfter: this.newAfter, pins: this.pins.ids });
    this.rows?.show(items);
    this.#drawTop();
    anchor.settle();
    anchor.pick();
  }

  /** What follows from what is shown now. */
  #after() {
    if (!this.#state) return;
    this.announcer?.tell(this.#state, (id) => this.source.person(id));
    this.keys?.settle();
    this.#seen();
    drawPresentButton(this.button, this.anchor, this.#state.unread + this.#countMine(this.#state));
    this.filling?.look(this.#state, this.rows?.size ?? 0);
  }

  #scrolled() {
    if (!this.#isPlaced) return;
    this.anchor.scrolled();
    this.#soon();
  }

  /** How many messages of mine came while I was away from the end. @param {import("./source.js").State} state */
  #countMine({ latest }) {
    const { anchor } = this;
    const isAnother = !!latest && latest.id !== this.#mine.last;
    const count = anchor.isAtEnd && anchor.reachesEnd ? 0 : this.#mine.count + Number(isAnother && latest.sender_id === client.userId && this.#mine.last !== "");
    this.#mine = { last: latest?.id ?? "", count };
    return count;
  }

  /** The page can be seen again, or no longer: then what comes is new. */
  #turned() {
    const state = this.source.state();
    if (document.visibilityState === "hidden" && state && state.unread === 0) this.newAfter = state.lastSeq;
    this.changed();
  }

  #seen() {
    if (this.#state && this.#isPlaced && this.source.isLive) this.reading?.look(this.#state, this.anchor);
  }

  #drawTop() {
    const state = this.#state;
    const text = !state || state.hasOlder ? t("app.loading") : t(state.messages.length ? "messages.beginning" : "messages.empty");
    if (this.top.textContent !== text) fill(this.top, h("span", null, text));
  }

  /** The row of the first message at or behind a place. @param {number} seq */
  #rowAt(seq) {
    return this.rows?.of(this.#state?.messages[place(this.#state.messages, seq)]);
  }

  /** Puts something so far below the upper edge. @param {{getBoundingClientRect: () => DOMRect} | null | undefined} part @param {number} offset */
  #goTo(part, offset) {
    if (!part) return this.anchor.toEnd();
    this.anchor.scrollTo(part.getBoundingClientRect().top - this.view.getBoundingClientRect().top + this.view.scrollTop - offset);
  }

  /** Shows a message in the middle, and marks it for a moment. @param {number} seq */
  #showRow(seq) {
    const row = this.#rowAt(seq);
    const room = this.view.clientHeight - (row?.offsetHeight ?? 0);
    this.#goTo(row, Math.max(MARGIN, room / 2));
    if (!row) return;
    this.keys?.choose(row, true);
    row.classList.add("is-marked");
    setTimeout(() => row.classList.remove("is-marked"), MARKED_MS);
  }

  /** Remembers where the reader is. */
  #remember() {
    const { anchor, source } = this;
    if (!this.#isPlaced) return;
    const seq = anchor.row ? messageOf(anchor.row)?.seq : undefined;
    rememberPosition(source.chatId, anchor.isAtEnd || seq === undefined ? null : { seq, offset: anchor.offset });
  }
}

define("tl-history", History);
