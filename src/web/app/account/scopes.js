// What a token may do, chosen from all operations of the server, heading by heading.

import { sentence } from "../dialogs.js";
import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { client } from "../session.js";
import { t } from "../words.js";

/** `<tl-scopes>`; `chosen` are the permissions. */
class Scopes extends Element {
  start() {
    fill(this, h("p", { class: "soft" }, t("app.loading")));
    this.#load();
  }

  /** @returns {string[]} */
  get chosen() {
    return [.../** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll("input[data-scope]:checked"))].map(({ dataset }) => dataset.scope ?? "");
  }

  async #load() {
    try {
      const routes = await client.rest.all("/routes", {}, this.signal);
      /** @type {Map<string, any[]>} */
      const groups = new Map();
      for (const route of routes.filter((each) => !each.public)) {
        const heading = route.path.split("/")[3] ?? "";
        groups.set(heading, [...(groups.get(heading) ?? []), route]);
      }
      fill(this, [...groups].map(([heading, of]) => group(heading, of)));
    } catch (error) {
      if (!this.signal.aborted) fill(this, h("p", { class: "soft" }, sentence(error)));
    }
  }
}

/** @param {string} heading @param {any[]} routes */
function group(heading, routes) {
  const key = `account.scope_${heading}`;
  const words = t(key) === key ? heading : t(key);
  const count = h("span", { class: "count quiet", hidden: true });
  const boxes = routes.map(({ permission, method, path, summary }) => h("label", { class: "scope" },
    h("input", { type: "checkbox", dataset: { scope: permission } }), h("span", { class: "grow" }, summary, h("small", null, `${method} ${path.replace("/api/v1", "")}`))));
  const all = h("input", { type: "checkbox" });
  const inputs = () => /** @type {HTMLInputElement[]} */ (boxes.map((box) => box.querySelector("input")));
  const draw = () => {
    const chosen = inputs().filter(({ checked }) => checked).length;
    count.hidden = chosen === 0;
    count.textContent = `${chosen} / ${routes.length}`;
    all.checked = chosen === routes.length;
    all.indeterminate = chosen > 0 && chosen < routes.length;
  };
  all.addEventListener("change", () => {
    for (const input of inputs()) input.checked = all.checked;
    draw();
  });
  const details = h("details", { class: "scopes" }, h("summary", null, h("span", { class: "grow" }, words), count),
    h("label", { class: "scope" }, all, h("span", null, t("account.all_of_these"))), boxes);
  details.addEventListener("change", draw);
  return details;
}

define("tl-scopes", Scopes);
