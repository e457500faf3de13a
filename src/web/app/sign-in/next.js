// Where somebody goes who has signed in.

import { find, go } from "../router.js";

/**
 * The path that `next` names, if it is one of a page of this client that wants somebody signed in; else the first page.
 * @param {URLSearchParams} query
 */
export function nextOf(query) {
  const next = query.get("next") ?? "";
  if (!/^\/(?![/\\])/.test(next)) return "/";
  const page = find(next.split("?")[0])?.page;
  return page && !page.isPublic ? next : "/";
}

/** Goes there; "back" does not lead to the form again. @param {URLSearchParams} query */
export function goNext(query) {
  go(nextOf(query), {}, true);
}

/** `next` again, for the links between the pages of this feature. @param {URLSearchParams} query */
export function keepNext(query) {
  const next = nextOf(query);
  return { next: next === "/" ? undefined : next };
}
