// The chats of who is signed in, as a fresh look at the server would show them. It is told frames, in any number of pieces
// and with any holes between them; it finds the holes by the numbers of the entries, and fills them from the log.

import { Chat } from "./chat.js";
import { TrunklineError } from "./errors.js";
import { Fetching, Loading } from "./fetching.js";
import { sleep } from "./waiting.js";

/** Who has missed more than this loads the chat anew: that costs less than reading it all. */
const FAR = 500;
/** How long is waited before something is fetched that an entry has made uncertain: others may follow. */
const GATHER_MS = 150;
/** How often that is asked for which should be there. */
const ATTEMPTS = 20;
/** The most entries that are kept behind a hole. */
const AHEAD = 1000;

/** Whether there is something behind what is held. @param {Chat} chat */
const hasNewer = ({ window }) => !!window && window.to < Infinity;

/** Around which place a chat is loaded anew; undefined: at its end. @param {Chat} chat */
function placeOf(chat) {
  const messages = chat.window?.messages ?? [];
  return chat.viewportSeq ?? (hasNewer(chat) ? messages[messages.length >> 1]?.seq : undefined);
}

/** The store of one person. */
export class Store {
  /** @type {Map<string, Chat>} */
  chats = new Map();
  /** @type {Map<string, {online: boolean, last_online_at: string | null}>} */
  presences = new Map();
  /** The names of people, as far as they were seen. @type {Map<string, any>} */
  people = new Map();
  /** The last entry of each chat that the server has told of. @type {Map<string, {seq: number, id: string | null}>} */
  #heads = new Map();
  /** Frames of chats whose row has not come yet. @type {Map<string, any[]>} */
  #early = new Map();
  /** Chats that went while the list was fetched. @type {Set<string>} */
  #gone = new Set();
  /** @type {Promise<void> | null} */
  #listing = null;
  #listAgain = false;
  #lacked = 0;
  #isGathering = false;
  /** Whether the list was fetched once. */
  isListed = false;

  /**
   * @param {object} options
   * @param {import("./http.js").Rest} options.rest
   * @param {string} options.me
   * @param {AbortSignal} options.signal
   * @param {(chatId: string | null) => void} options.onChange
   * @param {(message: any) => void} options.onMessage each message, once it stands in the log
   * @param {number} [options.most] as many messages are held of a chat
   */
  constructor(options) {
    this.options = options;
    /** While something is fetched, the chats keep what they apply. */
    this.fetching = new Fetching(options.rest, options.signal, () => {
      for (const chat of this.chats.values()) chat.journal = [];
    });
    this.loading = new Loading({
      fetching: this.fetching,
      meet: (person) => this.#meet(person),
      failed: (chat, error) => this.#failed(chat, error),
      onChange: options.onChange,
    });
  }

  /** Whether the list was fetched, and every entry that is known of has been applied. */
  get isSettled() {
    return this.isListed && !this.#listing && !this.fetching.count && !this.#isGathering && [...this.chats.values()].every(
      (chat) => chat.seq !== null && !chat.isFilling && !chat.missing.size && chat.seq >= (this.#heads.get(chat.id)?.seq ?? 0),
    );
  }

  /** Whether a message stands in what is held of its log. @param {any} message */
  holds({ chat_id, seq }) {
    return (this.chats.get(chat_id)?.seq ?? -1) >= seq;
  }

  /** A frame has come. @param {any} frame */
  handle(frame) {
    const { type, chat_id } = frame;
    const chat = this.chats.get(chat_id);
    switch (type) {
      case "welcome":
        return this.#welcome(frame.chats);
      case "chat_added":
        this.#gone.delete(frame.chat.id);
        this.#list();
        return;
      case "chat_removed":
      case "chat_deleted":
        return this.#remove(chat_id);
      case "caught_up":
        this.#heads.set(chat_id, { seq: frame.seq, id: frame.id });
        if (chat) this.#look(chat);
        return;
      case "reset":
        if (chat) this.#reload(chat);
        return;
      case "read":
        chat?.read(frame.user_id, frame.last_read_seq);
        break;
      case "typing":
        chat?.types(frame.user_id, () => this.options.onChange(chat_id));
        break;
      case "presence":
        this.presences.set(frame.user_id, { online: frame.online, last_online_at: frame.last_online_at });
        return this.options.onChange(null);
      default:
        // Frames of later versions pass by; entries of the log have a number, whatever they tell.
        if (chat_id === undefined || typeof frame.seq !== "number") return;
        this.#heads.set(chat_id, { seq: frame.seq, id: frame.id });
        if (chat) this.#entry(chat, frame);
        else this.#keepEarly(frame);
    }
    if (chat) {
      this.#gather();
      this.options.onChange(chat_id);
    }
  }

  /**
   * Loads messages and members of a chat, and keeps them up to date from then on.
   * @param {string} chatId @param {number} [around] a place in its log that shall be among them; else its end, or what is held
   */
  async open(chatId, around) {
    const chat = await this.#known(chatId);
    chat.isOpen = true;
    const { window: held } = chat;
    if (around !== undefined) chat.viewportSeq = around;
    const isHeld = held && (around === undefined || (around >= held.from && around <= held.to));
    await Promise.all([isHeld ? null : this.loading.messages(chat, { around_seq: around }), chat.members ? null : this.loading.members(chat)]);
  }

  /** Lets go of the messages and members of a chat. @param {string} chatId */
  shut(chatId) {
    const chat = this.chats.get(chatId);
    if (!chat) return;
    chat.isOpen = false;
    chat.window = chat.members = chat.viewportSeq = null;
  }

  /** Loads the messages before those that are held; says whether there may be more. @param {string} chatId */
  async older(chatId) {
    const chat = await this.#known(chatId);
    if (chat.window?.from) await this.loading.messages(chat, { before_seq: chat.window.from });
    return !!chat.window?.from;
  }

  /** Loads the messages behind those that are held; says whether there may be more. @param {string} chatId */
  async newer(chatId) {
    const chat = await this.#known(chatId);
    if (hasNewer(chat)) await this.loading.messages(chat, { after_seq: chat.window?.to });
    return hasNewer(chat);
  }

  /** Goes back to the end of a chat. @param {string} chatId */
  async present(chatId) {
    const chat = await this.#known(chatId);
    chat.viewportSeq = null;
    if (hasNewer(chat)) await this.loading.messages(chat);
  }

  /** Where the reader looks. @param {string} chatId @param {number | null} seq */
  setViewport(chatId, seq) {
    const chat = this.chats.get(chatId);
    if (chat) chat.viewportSeq = seq;
  }

  /** @param {any[]} heads */
  #welcome(heads) {
    this.#heads = new Map(heads.map(({ chat_id, last_seq, last_id }) => [chat_id, { seq: last_seq, id: last_id }]));
    for (const id of [...this.chats.keys()]) if (!this.#heads.has(id)) this.#remove(id);
    for (const id of this.#heads.keys()) this.#gone.delete(id);
    for (const chat of this.chats.values()) {
      this.#look(chat);
      // Read marks are not in the log, and names are not either.
      if (chat.isOpen) chat.missing.add("members");
    }
    this.#list();
    this.#gather();
  }

  /** Compares a chat with what the server has told of its end. @param {Chat} chat */
  #look(chat) {
    const head = this.#heads.get(chat.id);
    if (chat.seq === null || !head) return;
    if (head.seq === chat.seq && chat.entryId === null) chat.entryId = head.id;
    if (head.seq === chat.seq && (head.id === null || head.id === chat.entryId)) return;
    if (head.seq - chat.seq > FAR) this.#reload(chat);
    else this.#fill(chat);
  }

  /** @param {Chat} chat @param {any} entry */
  #entry(chat, entry) {
    if (chat.seq === null) return this.#keepEarly(entry);
    if (entry.seq === chat.seq + 1) {
      this.#apply(chat, entry);
      this.#drain(chat);
    } else if (entry.seq > chat.seq) {
      if (chat.ahead.size < AHEAD) chat.ahead.set(entry.seq, entry);
      this.#fill(chat);
    } else if (entry.seq === chat.seq && chat.entryId === null) {
      chat.entryId = entry.id;
    }
  }

  /** @param {Chat} chat @param {any} entry */
  #apply(chat, entry) {
    chat.apply(entry);
    if (!this.fetching.count) chat.journal = [];
    if (entry.member) this.#meet(entry.member);
    if (entry.type !== "new_message") return;
    const { sender_id } = entry.message;
    // Messages come with the names of who speaks.
    if (chat.window && !hasNewer(chat) && sender_id && !this.people.has(sender_id)) chat.missing.add("messages");
    this.options.onMessage(entry.message);
  }

  /** @param {Chat} chat */
  #drain(chat) {
    for (const seq of [...chat.ahead.keys()].sort((one, other) => one - other)) {
      if (seq > /** @type {number} */ (chat.seq) + 1) break;
      if (seq === /** @type {number} */ (chat.seq) + 1) this.#apply(chat, chat.ahead.get(seq));
      chat.ahead.delete(seq);
    }
  }

  /** Reads what lies between the last entry that was applied and the end. @param {Chat} chat */
  async #fill(chat) {
    if (chat.isFilling) return;
    chat.isFilling = true;
    let attempts = 0;
    try {
      for (;;) {
        if (chat.seq === null) return;
        const after = { after_seq: chat.seq, after_id: chat.entryId ?? undefined, limit: 100 };
        const { items } = await this.fetching.get(`/chats/${chat.id}/log`, after);
        for (const entry of items) {
          // A retention has cut off what comes next.
          if (chat.seq !== null && entry.seq > chat.seq + 1) return this.#reload(chat);
          this.#entry(chat, entry);
        }
        if (chat.seq === null) return;
        this.#drain(chat);
        const end = this.#heads.get(chat.id)?.seq ?? 0;
        if (items.length < 100 && !chat.ahead.size && chat.seq >= end) break;
        if (items.length) continue;
        // Where we were told of more than there is, it may be on its way; or it is gone.
        if (++attempts > ATTEMPTS) return this.#reload(chat);
        await sleep(GATHER_MS, this.options.signal);
      }
      this.#gather();
      this.options.onChange(chat.id);
    } catch (error) {
      this.#failed(chat, /** @type {any} */ (error));
    } finally {
      chat.isFilling = false;
    }
  }

  /** It is another log, or too much was missed. @param {Chat} chat */
  #reload(chat) {
    chat.lose();
    chat.lostAt = ++this.fetching.moment;
    this.#heads.delete(chat.id);
    chat.missing = new Set(chat.isOpen ? ["list", "messages", "members"] : ["list"]);
    this.#gather();
  }

  /** @param {Chat} chat @param {any} error */
  #failed(chat, error) {
    if (this.options.signal.aborted) return;
    if (error.code === "log_changed") {
      this.#reload(chat);
    } else if (error.status === 404 || error.status === 403) {
      this.#remove(chat.id);
    }
  }

  /** Fetches what entries have made uncertain, a moment later. */
  async #gather() {
    if (this.#isGathering || ![...this.chats.values()].some((chat) => chat.missing.size)) return;
    this.#isGathering = true;
    await sleep(GATHER_MS, this.options.signal);
    // The list first: it says where a chat stands, and what is read after that is not older.
    const unlisted = [...this.chats.values()].filter((chat) => chat.missing.delete("list"));
    if (unlisted.length) await this.#list();
    const tasks = [];
    for (const chat of this.chats.values()) {
      const { missing } = chat;
      if (chat.seq === null) {
        missing.add("list");
        continue;
      }
      chat.missing = new Set();
      if (missing.has("members") && chat.isOpen) tasks.push(this.loading.members(chat));
      if (missing.has("messages") && chat.isOpen) tasks.push(this.loading.messages(chat, { around_seq: placeOf(chat) }));
      for (const id of missing) if (id.length === 36) tasks.push(this.loading.message(chat, id));
    }
    await Promise.allSettled(tasks);
    // What the list does not hold now, it may hold later.
    if ([...this.chats.values()].some(({ seq }) => seq === null)) await sleep(GATHER_MS * 10, this.options.signal);
    this.#isGathering = false;
    if (!this.options.signal.aborted) this.#gather();
  }

  /** Fetches the list; once more, if it was asked for meanwhile. @returns {Promise<void>} */
  #list() {
    this.#listAgain = true;
    this.#listing ??= (async () => {
      while (this.#listAgain && !this.options.signal.aborted) {
        this.#listAgain = false;
        // In the order in which they were made: a page shifts no other one when somebody speaks.
        const rows = await this.fetching.during(() => this.fetching.all("/chats", { sort: "created_at" }), (all, began) => {
          for (const row of all) this.#takeRow(row, began);
        });
        const ids = new Set(rows.map(({ id }) => id));
        const lacks = [...this.#heads.keys()].some((id) => !ids.has(id) && !this.#gone.has(id));
        if (lacks || this.#listAgain) await sleep(GATHER_MS, this.options.signal);
        // A chat that was made or left in between; whoever has left it is told.
        if (lacks && this.#lacked++ < 3) this.#listAgain = true;
        else this.#lacked = 0;
      }
      this.isListed = true;
      this.options.onChange(null);
    })().catch(() => {}).finally(() => {
      this.#listing = null;
    });
    return this.#listing;
  }

  /** @param {any} row @param {number} began */
  #takeRow(row, began) {
    if (this.#gone.has(row.id)) return;
    let chat = this.chats.get(row.id);
    if (chat && chat.lostAt > began) {
      this.#listAgain = true;
      return;
    }
    if (!chat) {
      chat = new Chat(row.id, this.options.me, this.options.most);
      this.chats.set(row.id, chat);
    }
    if (row.peer) this.#meet(row.peer);
    if (chat.seq === null) {
      const head = this.#heads.get(row.id);
      chat.seq = row.last_seq;
      chat.entryId = head && head.seq === row.last_seq ? head.id : null;
      chat.listed = null;
    }
    if (!chat.takeRow(row)) this.#listAgain = true;
    const early = this.#early.get(row.id) ?? [];
    this.#early.delete(row.id);
    for (const entry of early) this.#entry(chat, entry);
    const ahead = row.last_seq > /** @type {number} */ (chat.seq);
    if (ahead && !this.#heads.has(row.id)) this.#heads.set(row.id, { seq: row.last_seq, id: null });
    this.#look(chat);
    // The row may know of entries whose frames are still on their way.
    if (ahead) setTimeout(() => (chat.seq ?? Infinity) < row.last_seq && this.#fill(chat), 1000);
    this.options.onChange(row.id);
  }

  /** @param {any} entry */
  #keepEarly(entry) {
    if (this.#gone.has(entry.chat_id)) return;
    const early = this.#early.get(entry.chat_id) ?? [];
    if (early.length < AHEAD) early.push(entry);
    this.#early.set(entry.chat_id, early);
  }

  /** A chat of the list, when that has come. @param {string} chatId @returns {Promise<Chat>} */
  async #known(chatId) {
    if (!this.chats.has(chatId)) await this.#list();
    const chat = this.chats.get(chatId);
    if (chat) return chat;
    throw new TrunklineError("not_found", "no such chat is among yours", { status: 404 });
  }

  /** @param {any} person */
  #meet({ user_id, username, name, avatar_url }) {
    this.people.set(user_id, { user_id, username, name, avatar_url });
  }

  /** @param {string} chatId */
  #remove(chatId) {
    this.#gone.add(chatId);
    for (const known of [this.#heads, this.#early]) known.delete(chatId);
    if (this.chats.delete(chatId)) this.options.onChange(chatId);
  }
}
