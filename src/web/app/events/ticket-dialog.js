// A ticket as it is shown at check-in.

import { button } from "../buttons.js";
import { attempt, notice, openDialog, sentence } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { client } from "../session.js";
import { t } from "../words.js";
import { span } from "./when.js";

/**
 * Shows the code of a ticket, large, on white in every theme. The screen stays lit meanwhile.
 * @param {any} event @param {any} ticket
 */
export async function showTicket(event, ticket) {
  const lit = keepScreenLit();
  await openDialog(event.name, () => {
    const place = h("div", { class: "ticket-code" });
    load(place, event.id, ticket.id);
    return [
      place,
      h("p", { class: "ticket-what" }, h("strong", null, t("events.places", { count: ticket.quantity })), h("br"), span(event)),
    ];
  }, "ticket");
  lit.end();
}

/** @param {HTMLElement} place @param {string} eventId @param {string} ticketId */
async function load(place, eventId, ticketId) {
  const path = `/events/${eventId}/tickets/${ticketId}/code`;
  try {
    // The picture is asked for with the cookie alone: this makes a fresh one where it has run out.
    const { code } = await client.rest.get(path);
    const copy = button(t("events.copy_code"), () => attempt(async () => {
      await navigator.clipboard.writeText(code);
      notice(t("events.copied"));
    }), { class: "quiet" });
    const picture = h("img", { alt: t("events.code_picture"), width: 320, height: 320, src: `/api/v1${path}?format=svg` });
    fill(place, picture, h("code", { class: "ticket-text" }, code), navigator.clipboard ? copy : null);
  } catch (error) {
    const isGone = /** @type {any} */ (error).code === "not_found";
    fill(place, h("p", null, isGone ? t("events.ticket_gone") : sentence(error)),
      isGone ? null : button(t("app.retry"), () => load(place, eventId, ticketId)));
  }
}

/** Keeps the screen from going dark, where a browser can. */
function keepScreenLit() {
  /** @type {any} */
  let lock = null;
  let isOver = false;
  const wakeLock = /** @type {any} */ (navigator).wakeLock;
  const ask = () => {
    if (isOver || document.hidden) return;
    wakeLock?.request("screen").then((/** @type {any} */ given) => (isOver ? given.release() : (lock = given)), () => {});
  };
  // A page that is hidden loses it.
  document.addEventListener("visibilitychange", ask);
  ask();
  return {
    end() {
      isOver = true;
      document.removeEventListener("visibilitychange", ask);
      lock?.release().catch(() => {});
    },
  };
}
