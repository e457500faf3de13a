// The picture of a person or a chat; where there is none, the first letter of the name on a colour of its own.

import { Element, define } from "./element.js";
import { fill, h } from "./dom.js";

/** How many colours there are, see `style/parts.css`. */
const COLOURS = 8;

/** `<tl-avatar>` with `name`, `url` and `key`, which decides the colour. */
class Avatar extends Element {
  start() {
    this.draw();
  }

  /** @param {{name?: string | null, url?: string | null, key?: string | null}} of */
  show({ name, url, key }) {
    const [before, after] = [this.dataset.shown, JSON.stringify([name, url, key])];
    if (before === after) return this;
    this.dataset.shown = after;
    if (this.isConnected) this.draw();
    return this;
  }

  draw() {
    const [name, url, key] = JSON.parse(this.dataset.shown ?? "[]");
    this.dataset.colour = String([...String(key ?? name ?? "")].reduce((sum, c) => (sum * 31 + (c.codePointAt(0) ?? 0)) % 9973, 7) % COLOURS);
    const letter = h("span", { "aria-hidden": "true" }, [...String(name ?? "?").trim()][0]?.toLocaleUpperCase() ?? "?");
    if (!url) return fill(this, letter);
    const picture = h("img", { src: url, alt: "", loading: "lazy", decoding: "async", onerror: () => fill(this, letter) });
    fill(this, picture);
  }
}

define("tl-avatar", Avatar);

/**
 * The picture of somebody.
 * @param {{name?: string | null, avatar_url?: string | null, id?: string, user_id?: string} | null} person
 * @param {"small" | "large" | ""} [size]
 */
export function avatarOf(person, size = "") {
  const element = /** @type {Avatar} */ (h("tl-avatar", { class: size }));
  return element.show({ name: person?.name, url: person?.avatar_url, key: person?.user_id ?? person?.id });
}

/** The picture of a chat: its own, or that of the other person. @param {any} chat */
export function avatarOfChat(chat) {
  if (chat.peer) return avatarOf(chat.peer);
  const element = /** @type {Avatar} */ (h("tl-avatar", { class: "square" }));
  return element.show({ name: chat.title, url: chat.image_url, key: chat.id });
}
