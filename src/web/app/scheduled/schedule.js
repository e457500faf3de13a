// Sending later: when, and the way to what waits already.

import { openMenu } from "../buttons.js";
import { notice, openDialog } from "../dialogs.js";
import { refusalOf } from "../composer/refusals.js";
import { h } from "../dom.js";
import { field, form } from "../forms.js";
import { client } from "../session.js";
import { t, time, whole } from "../words.js";

const HOUR_MS = 3_600_000;
/** How far ahead the server takes it. */
const YEAR_MS = 365 * 24 * HOUR_MS;

/**
 * What was tried and not answered, by what it was: tried again, it is the same message.
 * @type {Map<string, {client_id: string, send_at: string}>}
 */
const tries = new Map();

/** Opens the choices. @param {HTMLElement} anchor @param {import("../composer/draft.js").Draft} draft @param {() => void} onend */
export function openChoices(anchor, draft, onend) {
  const hour = new Date(Date.now() + HOUR_MS);
  const morning = new Date();
  morning.setDate(morning.getDate() + 1);
  morning.setHours(9, 0, 0, 0);
  const list = { label: t("scheduled.title"), icon: "history", run: () => openScheduled() };
  if (draft.refusal !== "") return openMenu(anchor, [list]);
  /** @param {Date} at @param {string} choice */
  const at = (at, choice) => () => schedule(draft, at, choice).then(onend, onend);
  openMenu(anchor, [
    { label: `${t("scheduled.in_an_hour")} · ${time(hour.toISOString())}`, icon: "clock", run: at(hour, "hour") },
    { label: t("scheduled.tomorrow"), icon: "clock", run: at(morning, "morning") },
    { label: t("scheduled.at_time"), icon: "events", run: () => askTime(draft).then(onend) },
    list,
  ]);
}

/** Shows what waits. */
export async function openScheduled() {
  await openDialog(t("scheduled.title"), () => h("tl-scheduled"), "scheduled");
}

/** @param {import("../composer/draft.js").Draft} draft */
function askTime(draft) {
  const next = new Date(Date.now() + HOUR_MS);
  next.setMinutes(0, 0, 0);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return openDialog(t("composer.schedule"), (dialog) => form([
    field(t("scheduled.when"), {
      name: "send_at", type: "datetime-local", required: true, value: local(next), min: local(new Date()), max: local(new Date(Date.now() + YEAR_MS)),
      hint: t("scheduled.when_hint", { zone }), autofocus: true,
    }),
  ], t("composer.schedule"), async ({ send_at }) => {
    const wanted = Date.parse(send_at);
    if (!(wanted > Date.now() && wanted < Date.now() + YEAR_MS)) {
      throw Object.assign(new Error(""), { errors: [{ field: "send_at", message: t("scheduled.when_wrong") }] });
    }
    await schedule(draft, new Date(wanted), send_at);
    dialog.close("done");
  }));
}

/** @param {import("../composer/draft.js").Draft} draft @param {Date} at @param {string} choice what was chosen, whenever it is tried */
async function schedule(draft, at, choice) {
  if (!draft.areFilesThere()) {
    draft.tell(draft.problem || t("scheduled.wait_files"));
    return;
  }
  const { chatId } = draft;
  const name = JSON.stringify([chatId, draft.message, choice]);
  const kept = tries.get(name) ?? { client_id: crypto.getRandomValues(new Uint32Array(4)).join("-"), send_at: at.toISOString() };
  tries.set(name, kept);
  try {
    await draft.hand((message) => client.rest.post(`/chats/${chatId}/messages`, { ...message, ...kept }));
    tries.delete(name);
    notice(t("scheduled.is_set", { time: whole(kept.send_at) }));
  } catch (error) {
    if (!(/** @type {any} */ (error).isTemporary)) tries.delete(name);
    draft.tell(refusalOf(error));
    throw error;
  }
}

/** As an input of a date and time has it: by the clock of this device. @param {Date} at */
function local(at) {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
