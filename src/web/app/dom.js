// Making and changing elements. Text is always text: nothing here takes markup.

/**
 * What an element is given: `class`, `style` (an object), `dataset`, listeners (`onclick`), properties where the element has
 * them, attributes otherwise. Whatever is null, undefined or false is left out.
 * @typedef {Record<string, any>} Props
 * @typedef {Node | string | number | null | undefined | false | any[]} Child
 */

/**
 * Makes an element.
 * @template {string} T
 * @param {T} tag
 * @param {Props | null} [props]
 * @param {...Child} children
 * @returns {T extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[T] : HTMLElement & Record<string, any>}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  if (props) set(element, props);
  append(element, children);
  return /** @type {any} */ (element);
}

/** Gives an element properties, attributes and listeners. @param {HTMLElement} element @param {Props} props */
export function set(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on") && typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value || "";
    else if (name === "style") for (const [key, each] of Object.entries(value)) element.style.setProperty(key, each);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (value === null || value === undefined || value === false) {
      if (name in element && typeof (/** @type {any} */ (element)[name]) === "boolean") /** @type {any} */ (element)[name] = false;
      else element.removeAttribute(name);
    } else if (name in element && !name.includes("-") && name !== "list" && name !== "form") /** @type {any} */ (element)[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** @param {Node} parent @param {Child[]} children */
function append(parent, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child);
    else if (child !== null && child !== undefined && child !== false) {
      parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
}

/** Replaces what an element holds. @param {Element} parent @param {...Child} children */
export function fill(parent, ...children) {
  const holder = document.createDocumentFragment();
  append(holder, children);
  parent.replaceChildren(holder);
}

/**
 * Makes the children of an element those of some items, in their order. An item that was there keeps its element, and with it
 * focus, selection and scroll position.
 * @template I
 * @param {Element} parent
 * @param {I[]} items
 * @param {(item: I) => string} keyOf
 * @param {(item: I) => HTMLElement} make
 * @param {(element: HTMLElement, item: I) => void} [update] called for those that were there
 */
export function fillKeyed(parent, items, keyOf, make, update) {
  const before = new Map();
  for (const child of /** @type {Iterable<HTMLElement>} */ (parent.children)) before.set(child.dataset.key, child);
  let at = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let element = before.get(key);
    if (element) {
      before.delete(key);
      update?.(element, item);
    } else {
      element = make(item);
      element.dataset.key = key;
    }
    if (at && element === at) at = at.nextElementSibling;
    else parent.insertBefore(element, at);
  }
  for (const element of before.values()) element.remove();
}

const SVG = "http://www.w3.org/2000/svg";

/** Makes a picture of lines. @param {string} tag @param {Record<string, string | number>} attributes @param {...SVGElement} children */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}
