// Loading a feature, with words for when it cannot be.

import { client } from "../session.js";
import { t } from "../words.js";

/** @param {() => Promise<unknown>} load @returns {Promise<any>} */
export async function loaded(load) {
  try {
    return await load();
  } catch {
    // Where there is a connection, the server has another version by now.
    throw Object.assign(new Error(t("app.new_version")), { code: client.state === "online" ? "not_found" : "unreachable" });
  }
}
