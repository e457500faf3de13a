// What all elements of this client have in common: they begin when they are put into the page and end when they are taken out.

import { client } from "./session.js";

/**
 * An element of this client. A subclass says in `start` what it shows and what it listens to; all of that ends by itself.
 */
export class Element extends HTMLElement {
  /** @type {AbortController | null} */
  #life = null;
  /** What stands between `{}` in the path of a page. @type {Record<string, string>} */
  params = {};
  /** What stands behind the `?` of its address. @type {URLSearchParams} */
  query = new URLSearchParams();

  connectedCallback() {
    this.#life = new AbortController();
    this.start();
  }

  disconnectedCallback() {
    this.#life?.abort();
    this.#life = null;
    this.stop();
  }

  /** Called when the element is put into the page. */
  start() {}

  /** Called when it has been taken out. */
  stop() {}

  /** Another address of the same page: only then, instead of a new element. Answers whether it can. @returns {boolean} */
  moved() {
    return false;
  }

  /** Ends when the element is taken out. */
  get signal() {
    return this.#life?.signal ?? AbortSignal.abort();
  }

  /**
   * Listens until the element is taken out.
   * @param {EventTarget} target @param {string} event @param {(event: any) => void} listener @param {AddEventListenerOptions} [options]
   */
  listen(target, event, listener, options) {
    target.addEventListener(event, listener, { ...options, signal: this.signal });
  }

  /** Hears what the client tells, until the element is taken out. @param {import("../client/client.js").EventName} event @param {(value: any) => void} listener */
  follow(event, listener) {
    const off = client.on(event, listener);
    this.signal.addEventListener("abort", off);
  }

  /** Tells those above it. @param {string} event @param {any} [detail] */
  tell(event, detail) {
    this.dispatchEvent(new CustomEvent(event, { detail, bubbles: true }));
  }
}

/** Gives an element its name. @param {string} name @param {CustomElementConstructor} element */
export function define(name, element) {
  if (!customElements.get(name)) customElements.define(name, element);
}
