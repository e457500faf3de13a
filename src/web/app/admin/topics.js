// The section `topics`: logs of records, how long they are kept, and what was added last.

import { Element, define } from "../element.js";
import { fill, h } from "../dom.js";
import { notice, openDialog } from "../dialogs.js";
import { field, form } from "../forms.js";
import { client } from "../session.js";
import { number, t } from "../words.js";
import { writeJson } from "./json.js";
import { listOf } from "./list.js";
import { facts, filters, heading, lead, opener, told, when } from "./parts.js";
import { may } from "./rights.js";

/** How many of the last records are shown. */
const LAST = 20;

class Topics extends Element {
  #search = "";
  list = listOf({
    label: t("admin.topics"), empty: t("admin.topics_none"), key: ({ name }) => name,
    load: (page, signal) => client.rest.get("/topics", { search: this.#search || undefined, ...page }, signal),
    columns: [
      { label: t("admin.name"), cell: (topic) => opener(topic.name, () => openTopic(topic.name, () => this.list.reload())) },
      { label: t("admin.records"), cell: (topic) => number(count(topic)) },
      { label: t("admin.offsets"), cell: (topic) => range(topic) },
      { label: t("admin.retention"), cell: retention },
      { label: t("admin.created"), cell: ({ created_at: at }) => when(at), class: "quiet" },
    ],
  });

  start() {
    fill(this, heading("topics"), lead("admin.topics_lead"), filters([
      field(t("app.search"), { name: "search", type: "search", autocomplete: "off" }),
    ], ({ search }) => {
      this.#search = search.trim();
      this.list.first();
    }), this.list);
  }
}

/** @param {any} topic */
function count({ first_offset: first, last_offset: last }) {
  return Math.max(0, last - first + 1);
}

/** @param {any} topic */
function range(topic) {
  return count(topic) === 0 ? "–" : `${number(topic.first_offset)} – ${number(topic.last_offset)}`;
}

/** @param {any} topic */
function retention({ retention_days: days, retention_records: records }) {
  const parts = [days === null ? "" : t("admin.days", { count: days }), records === null ? "" : t("admin.records_count", { count: records })];
  return parts.filter(Boolean).join(", ") || t("admin.for_ever");
}

/** @param {string} name @param {() => void} changed */
function openTopic(name, changed) {
  const path = `/topics/${encodeURIComponent(name)}`;
  return openDialog(name, (dialog) => {
    const place = h("div", { class: "stack" }, h("p", { class: "soft" }, t("app.loading")));
    const load = async () => {
      const topic = await client.rest.get(path);
      const after = Math.max(0, topic.last_offset - LAST);
      const records = may("GET:/api/v1/topics/{topic}/records") ? (await client.rest.get(`${path}/records`, { after, limit: LAST })).items.reverse() : [];
      fill(place, facts([[t("admin.records"), number(count(topic))], [t("admin.offsets"), range(topic)], [t("admin.created"), when(topic.created_at)], [t("admin.retention"), retention(topic)]]),
        may("PUT:/api/v1/topics/{topic}") ? retentionForm(path, topic, () => {
          dialog.close("");
          changed();
        }) : null,
        h("section", { class: "stack" }, h("h3", null, t("admin.last_records")), records.length ? h("ol", { class: "records" }, records.map(record)) : h("p", { class: "soft" }, t("admin.no_records"))));
    };
    // Somebody may have deleted it meanwhile.
    load().catch((error) => fill(place, h("p", { class: "form-error", role: "alert" }, error.status === 404 ? t("admin.topic_gone") : told(error))));
    return place;
  }, "wide");
}

/** @param {any} record */
function record({ offset, key, value, value_base64: bytes, created_at: at }) {
  const isBytes = bytes !== undefined;
  return h("li", null, h("div", { class: "inline soft" }, h("strong", null, number(offset)), key === null ? null : h("code", null, key), when(at), isBytes ? t("admin.bytes") : null),
    h("pre", { tabindex: 0, role: "region", "aria-label": t("admin.record", { offset }) }, isBytes ? bytes : writeJson(value)));
}

/** @param {string} path @param {any} topic @param {() => void} done */
function retentionForm(path, topic, done) {
  return h("section", { class: "card" }, form([
    h("h3", null, t("admin.retention")),
    h("div", { class: "pair" },
      field(t("admin.retention_days"), { name: "retention_days", type: "number", min: 1, max: 36_500, value: topic.retention_days, hint: t("admin.empty_for_ever") }),
      field(t("admin.retention_records"), { name: "retention_records", type: "number", min: 1, value: topic.retention_records, hint: t("admin.empty_all") })),
  ], t("app.save"), async ({ retention_days, retention_records }) => {
    await client.rest.put(path, { retention_days, retention_records });
    notice(t("admin.saved"));
    done();
  }));
}

define("tl-admin-topics", Topics);
