// Where the outbox keeps what is not sent yet: IndexedDB, which outlives the tab, or memory.

/**
 * A message that is not acknowledged yet.
 * @typedef {object} Draft
 * @property {number} [place] its place in the line of all chats
 * @property {string} client_id
 * @property {string} chat_id
 * @property {string} [content]
 * @property {string} [reply_to]
 * @property {string[]} [attachments]
 * @property {string} created_at
 * @property {"queued" | "failed"} state
 * @property {{code: string, message: string, errors: {field: string, message: string}[]} | null} [error] why it failed
 */

/**
 * @typedef {object} Drafts
 * @property {boolean} isShared whether all tabs have the same
 * @property {(draft: Draft) => Promise<void>} add at the end of the line
 * @property {(draft: Draft) => Promise<void>} put in its place
 * @property {(place: number) => Promise<void>} remove
 * @property {() => Promise<Draft[]>} list in the order of the line
 */

/** Drafts that are gone with the program. @returns {Drafts} */
export function memoryDrafts() {
  /** @type {Map<number, Draft>} */
  const kept = new Map();
  let places = 0;
  return {
    isShared: false,
    async add(draft) {
      draft.place = ++places;
      kept.set(draft.place, { ...draft });
    },
    async put(draft) {
      kept.set(/** @type {number} */ (draft.place), { ...draft });
    },
    async remove(place) {
      kept.delete(place);
    },
    async list() {
      return [...kept.values()].map((draft) => ({ ...draft }));
    },
  };
}

/**
 * The drafts of one person. Memory where IndexedDB is missing or refuses.
 * @param {string} name
 * @param {IDBFactory | undefined} indexedDB
 * @returns {Promise<Drafts>}
 */
export async function openDrafts(name, indexedDB) {
  if (!indexedDB) return memoryDrafts();
  try {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("drafts", { keyPath: "place", autoIncrement: true });
    };
    return inDatabase(await answered(opening));
  } catch {
    return memoryDrafts();
  }
}

/** @param {IDBDatabase} database @returns {Drafts} */
function inDatabase(database) {
  /**
   * @param {IDBTransactionMode} mode
   * @param {(drafts: IDBObjectStore) => IDBRequest} work
   */
  const within = (mode, work) => {
    // What is told as kept must be on the disk: the tab may close the moment after.
    const transaction = database.transaction("drafts", mode, { durability: "strict" });
    const done = answered(work(transaction.objectStore("drafts")));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(done);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
      done.catch(reject);
    });
  };
  return {
    isShared: true,
    async add(draft) {
      draft.place = await within("readwrite", (drafts) => drafts.add(draft));
    },
    async put(draft) {
      await within("readwrite", (drafts) => drafts.put(draft));
    },
    async remove(place) {
      await within("readwrite", (drafts) => drafts.delete(place));
    },
    list: () => within("readonly", (drafts) => drafts.getAll()),
  };
}

/** @param {IDBRequest} request @returns {Promise<any>} */
function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
