// Which address shows which page. Addresses stand behind the `#`, so that what they hold never reaches a server.

/**
 * A page: the element that shows it, and the feature that has to be loaded before.
 * @typedef {object} Page
 * @property {string} pattern `/chats/{id}`
 * @property {string} element
 * @property {() => Promise<unknown>} [load]
 * @property {boolean} [isPublic] whether it can be seen without signing in
 * @property {string} [place] which entry of the navigation it belongs to
 */

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @type {(Page & {segments: string[]})[]} */
const pages = [];

/** Adds pages; the first that fits is shown. @param {Page[]} more */
export function addPages(more) {
  for (const page of more) pages.push({ ...page, segments: page.pattern.split("/").slice(1) });
}

/** Where we are: the path behind the `#`, and what stands behind its `?`. */
export function here() {
  const [path, query] = (location.hash.slice(1) || "/").split("?");
  return { path, query: new URLSearchParams(query ?? "") };
}

/**
 * The page of a path.
 * @param {string} path
 * @returns {{page: Page, params: Record<string, string>} | null}
 */
export function find(path) {
  const segments = path.split("/").slice(1);
  for (const page of pages) {
    if (page.segments.length !== segments.length) continue;
    /** @type {Record<string, string>} */
    const params = {};
    const fits = page.segments.every((segment, at) => {
      if (!segment.startsWith("{")) return segment === segments[at];
      const name = segment.slice(1, -1);
      params[name] = decode(segments[at]);
      // What goes into the path of a request is nothing but an id.
      return name.endsWith("_id") ? ID.test(params[name]) : segments[at] !== "";
    });
    if (fits) return { page, params };
  }
  return null;
}

/** @param {string} segment */
function decode(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * The address of a path, for `href`.
 * @param {string} path @param {Record<string, string | number | undefined>} [query]
 */
export function address(path, query = {}) {
  const parts = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(parts.map(([name, value]) => [name, String(value)]));
  return `#${path}${search.size ? `?${search}` : ""}`;
}

/**
 * Goes to a path.
 * @param {string} path @param {Record<string, string | number | undefined>} [query] @param {boolean} [replace] whether "back" leaves this one out
 */
export function go(path, query = {}, replace = false) {
  const to = address(path, query);
  if (replace) {
    history.replaceState(null, "", to);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  } else if (location.hash === to) {
    // Whoever asks for where they are wants to be shown it once more.
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = to;
  }
}
