// The other one of a direct chat.

import { avatarOf } from "../avatar.js";
import { button } from "../buttons.js";
import { attempt, confirmed } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { address } from "../router.js";
import { client } from "../session.js";
import { t, whole } from "../words.js";

/** @param {import("./chat-info.js").ChatInfo} info */
export function personSection(info) {
  const place = h("section", { class: "info-about" });
  const { peer } = info.chat;
  if (!peer) {
    fill(place, h("p", { class: "soft" }, t("app.gone_person")));
    return place;
  }
  /** @type {{user: any, isFriend: boolean, request: string, isBlocked: boolean}} */
  const state = { user: { ...peer, id: peer.user_id }, isFriend: false, request: "", isBlocked: false };
  const presence = h("p", { class: "soft" });
  const drawPresence = () => {
    const known = client.presence(peer.user_id);
    const last = known?.last_online_at ?? state.user.last_online_at;
    presence.textContent = known?.online ? t("app.online") : last ? t("info.last_online", { at: whole(last) }) : "";
  };
  const draw = () => {
    const { user } = state;
    drawPresence();
    const again = (/** @type {() => Promise<unknown>} */ work) => () => void attempt(work).then(load);
    fill(place, avatarOf(user, "large"), h("h3", { class: "info-title", dir: "auto" }, user.name), h("p", { class: "soft" }, `@${user.username}`), presence,
      user.bio ? h("p", { class: "info-description", dir: "auto" }, user.bio) : null,
      h("div", { class: "inline info-chips" },
        h("a", { class: "button", href: address(`/people/${user.id}`) }, t("info.profile")),
        friendButton(state, again), blockButton(state, again)));
  };
  const load = async () => {
    const isLoaded = await attempt(async () => Object.assign(state, await between(peer)));
    if (isLoaded && place.isConnected) draw();
  };
  client.watch([peer.user_id]);
  info.follow("change", drawPresence);
  draw();
  void load();
  return place;
}

/** How it stands between the two of us. @param {any} peer */
async function between({ user_id, username }) {
  const isIt = (/** @type {any} */ { user }) => user.id === user_id;
  const search = { search: username, limit: 100 };
  const [user, friends, requests, blocks] = await Promise.all([
    client.rest.get(`/users/${user_id}`), client.rest.get("/friends", search), client.rest.all("/friends/requests", {}), client.rest.get("/blocks", search),
  ]);
  return { user, isFriend: friends.items.some(isIt), request: requests.find(isIt)?.direction ?? "", isBlocked: blocks.items.some(isIt) };
}

/** @param {any} state @param {(work: () => Promise<unknown>) => () => void} again */
function friendButton({ user, isFriend, request, isBlocked }, again) {
  if (isBlocked) return null;
  const end = () => client.rest.delete(`/friends/${user.id}`);
  if (isFriend) {
    return button(t("info.unfriend"), async () => {
      if (await confirmed(t("info.unfriend_question", { name: user.name }), t("info.unfriend"))) again(end)();
    });
  }
  if (request === "outgoing") return button(t("info.withdraw"), again(end));
  return button(t(request ? "info.accept_friend" : "info.befriend"), again(() => client.rest.post("/friends", { user_id: user.id })));
}

/** @param {any} state @param {(work: () => Promise<unknown>) => () => void} again */
function blockButton({ user, isBlocked }, again) {
  const path = `/blocks/${user.id}`;
  if (isBlocked) return button(t("info.unblock"), again(() => client.rest.delete(path)));
  return button(t("info.block"), async () => {
    if (await confirmed(t("info.block_question", { name: user.name }), t("info.block"))) again(() => client.rest.put(path))();
  }, { class: "danger" });
}
