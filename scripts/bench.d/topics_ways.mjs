// The ways records come and go: Trunkline over HTTP and by SQL, and pgq by SQL. Each is a client with a connection of its own:
// open(), produce(values), fill(values) for what is read later, begin(consumer) reads from the first record on, consume() answers how
// many records came and were committed, 0 when there are none; follow(heard) waits for what is new.
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { Http, request } from "./wire.mjs";

const { SERVER, TRUNKLINE_URL, EMAIL, PASSWORD, TICK_MS } = process.env;
const [TOPIC, MOST, BYTES, LEASE] = ["bench", 5000, 4 * 1024 * 1024, 30];
const port = new URL(TRUNKLINE_URL).port;

const connected = async (database) => {
  const client = new pg.Client(`${SERVER}/${database}`);
  await client.connect();
  return client;
};
let token;

class OverHttp {
  topic = TOPIC;

  async #ask(method, path, body) {
    const headers = `Content-Type: application/json\r\n${token ? `Authorization: Bearer ${token}\r\n` : ""}`;
    const asked = request(method, `/api/v1${path}`, headers, body && JSON.stringify(body));
    const { status, body: answer } = await this.http.ask(asked);
    const text = answer.toString();
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    return text && JSON.parse(text);
  }

  async open() {
    this.http = new Http(port);
    token ??= (await this.#ask("POST", "/auth/login", { email: EMAIL, password: PASSWORD })).access_token;
  }

  produce(values) {
    return this.#ask("POST", `/topics/${this.topic}/records`, { records: values.map((value) => ({ value })) });
  }

  begin(consumer) {
    this.group = consumer;
  }

  async take(wait = 0) {
    const asked = `group=${this.group}&limit=${MOST}&wait_seconds=${wait}`;
    return (await this.#ask("GET", `/topics/${this.topic}/records?${asked}`)).items;
  }

  commit(items) {
    return this.#ask("POST", `/topics/${this.topic}/commit`, { group: this.group, offsets: items.map(({ offset }) => offset) });
  }

  async consume() {
    const items = await this.take();
    if (items.length > 0) await this.commit(items);
    return items.length;
  }

  async follow(heard) {
    while (!this.isClosed) {
      const items = await this.take(1);
      heard(items.map(({ value }) => value));
      if (items.length > 0) await this.commit(items);
    }
  }

  close() {
    this.isClosed = true;
    this.http.close();
  }
}

// Reads freely, behind what it has read, and commits nothing.
class Freely extends OverHttp {
  begin() {
    this.group = undefined;
    this.after = 0;
  }

  async take() {
    const headers = `Authorization: Bearer ${token}\r\n`;
    const { body } = await this.http.ask(request("GET", `/api/v1/topics/${this.topic}/records?after=${this.after}&limit=${MOST}`, headers));
    const { items } = JSON.parse(body.toString());
    this.after = items.at(-1)?.offset;
    return items;
  }

  commit() {}
}

class BySql {
  topic = TOPIC;

  async open() {
    this.db = await connected("trunkline");
  }

  query(name, text, values) {
    return this.db.query({ name, text, values });
  }

  produce(values) {
    const text = `select produce_records($1, array_fill(null::text, array[cardinality($2::jsonb[])]), $2::jsonb[],
      array_fill(null::bytea, array[cardinality($2::jsonb[])]))`;
    return this.query("produce", text, [this.topic, values.map((value) => JSON.stringify(value))]);
  }

  begin(consumer) {
    this.group = consumer;
  }

  async consume() {
    const wanted = [this.topic, this.group, MOST, BYTES, LEASE];
    const { rows } = await this.query("lease", "select * from lease_records($1, $2, $3, $4, $5, 1)", wanted);
    const offsets = rows.map((row) => row.record_offset);
    if (rows.length > 0) await this.query("commit", "select commit_records($1, $2, $3)", [this.topic, this.group, offsets]);
    return rows.length;
  }

  close() {
    return this.db.end();
  }
}

// What is added is seen once there is a tick, made by pgqd now and then; here by whoever fills or follows.
class Pgq extends BySql {
  async open() {
    this.db = await connected("pgq");
  }

  static async setUp() {
    const db = await connected("pgq");
    await db.query("create extension pgq");
    await db.query("select pgq.create_queue('bench'), pgq.create_queue('read'), pgq.create_queue('followed')");
    await db.query("select pgq.set_queue_config('followed', 'ticker_max_lag', '0')");
    await db.end();
  }

  produce(values) {
    const text = "select count(pgq.insert_event($1, 'record', value)) from unnest($2::text[]) as value";
    return this.query("produce", text, [this.topic, values.map((value) => JSON.stringify(value))]);
  }

  tick() {
    return this.query("tick", "select pgq.ticker($1)", [this.topic]);
  }

  async begin(consumer) {
    this.group = consumer;
    const first = "(select min(tick_id) from pgq.tick join pgq.queue on queue_id = tick_queue where queue_name = $1)";
    await this.query("begin", `select pgq.register_consumer_at($1, $2, ${first})`, [this.topic, consumer]);
  }

  async take() {
    const { rows } = await this.query("next", "select pgq.next_batch($1, $2) as batch", [this.topic, this.group]);
    const [{ batch }] = rows;
    if (batch === null) return undefined;
    return { batch, events: (await this.query("events", "select * from pgq.get_batch_events($1)", [batch])).rows };
  }

  finish(batch) {
    return this.query("finish", "select pgq.finish_batch($1)", [batch]);
  }

  async consume() {
    for (;;) {
      const taken = await this.take();
      if (!taken) return 0;
      await this.finish(taken.batch);
      // A tick may have nothing before it.
      if (taken.events.length > 0) return taken.events.length;
    }
  }

  async follow(heard) {
    while (!this.isClosed) {
      await this.tick();
      for (let taken; !this.isClosed && (taken = await this.take()); await this.finish(taken.batch)) {
        heard(taken.events.map((event) => JSON.parse(event.ev_data)));
      }
      await sleep(Number(TICK_MS));
    }
  }

  async close() {
    this.isClosed = true;
    await sleep(Number(TICK_MS) * 2);
    await this.db.end();
  }
}

export const WAYS = { http: OverHttp, freely: Freely, sql: BySql, ...(process.env.PGQ && { pgq: Pgq }) };
