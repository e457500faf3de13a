// What can go wrong, in the words of the API.

/** A request that was refused, or that reached nobody. `code` is the API's word for it. */
export class TrunklineError extends Error {
  /**
   * @param {string} code the API's stable word; `unreachable` where no answer came
   * @param {string} detail a sentence for people
   * @param {{status?: number, errors?: {field: string, message: string}[], retryAfterMs?: number, requestId?: string}} [more]
   */
  constructor(code, detail, more = {}) {
    super(detail);
    this.name = "TrunklineError";
    this.code = code;
    /** The HTTP status; 0 where no answer came. */
    this.status = more.status ?? 0;
    this.errors = more.errors ?? [];
    /** How long the server asks to wait. */
    this.retryAfterMs = more.retryAfterMs;
    this.requestId = more.requestId;
  }

  /** Whether the same request may succeed later. */
  get isTemporary() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status > 500;
  }
}
