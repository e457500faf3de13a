// Who has written a post, and when.

import { avatarOf } from "../avatar.js";
import { h } from "../dom.js";
import { address } from "../router.js";
import { t, whole } from "../words.js";

/** A post is edited when its words have changed after it was written. @param {any} post */
const isEdited = (post) => post.updated_at !== post.created_at;

/** @param {any} post @param {any} person undefined for somebody who is gone */
export function bylineOf(post, person) {
  const name = person?.name ?? t("app.gone_person");
  return h("div", { class: "byline" }, avatarOf(person ?? { id: post.owner_id, name }, "small"),
    person ? h("a", { href: address(`/people/${person.id}`), dir: "auto" }, name) : h("span", null, name),
    h("time", { dateTime: post.created_at }, whole(post.created_at)),
    isEdited(post) ? h("time", { dateTime: post.updated_at }, t("posts.edited", { at: whole(post.updated_at) })) : null);
}
