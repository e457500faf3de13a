// The list of keys, at `?`.

import { h } from "../dom.js";
import { openDialog } from "../dialogs.js";
import { keys as all } from "../shell/keys.js";
import { t } from "../words.js";

/** Shows the list. */
export function openKeys() {
  if (document.querySelector("dialog.keys")) return;
  openDialog(t("keys.title"), () => h("dl", null, all().map(({ keys, words }) => h("div", null,
    h("dt", null, keys.split(" ").map((key) => h("kbd", null, key))), h("dd", null, t(words))))), "keys");
}
