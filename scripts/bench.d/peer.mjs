// What one would build instead: Socket.IO with its PostgreSQL adapter, one table, an INSERT and a NOTIFY for each message. It
// asks nobody who they are, numbers nothing, and keeps no message from coming twice.
//
// node peer.mjs POSTGRES_URL; says the port it listens at, on loopback, and serves until it is ended.
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/postgres-adapter";
import pg from "pg";
import { Server } from "socket.io";

// As long as ours keeps a connection that is idle.
const KEEP_ALIVE_MS = 75_000;
// A reconnecting crowd is not to wait for the kernel's next try.
const BACKLOG = 4096;

const pool = new pg.Pool({ connectionString: process.argv[2], max: 8 });
await pool.query(`
  create table if not exists messages (
    id bigint generated always as identity primary key, chat text not null, content text not null,
    created_at timestamptz not null default now()
  );
  create index if not exists messages_chat_idx on messages (chat, id);
  create table if not exists socket_io_attachments (
    id bigserial unique, created_at timestamptz default now(), payload bytea
  )`);
const columns = "id::float8, chat, content, created_at";
const ask = async (name, text, values) => (await pool.query({ name, text, values })).rows;
const INSERT = `insert into messages (chat, content) values ($1, $2) returning ${columns}`;
const MISSED = `select ${columns} from messages where chat = $1 and id > $2 order by id`;
const LATEST = `select ${columns} from messages where chat = $1 order by id desc limit $2`;

const http = createServer(async (request, response) => {
  const query = new URL(request.url, "http://here").searchParams;
  const items = await ask("latest", LATEST, [query.get("chat"), Number(query.get("limit"))]);
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ items }));
});
http.keepAliveTimeout = KEEP_ALIVE_MS;
const io = new Server(http, { transports: ["websocket"], serveClient: false });
io.adapter(createAdapter(pool));
io.on("connection", (socket) => {
  socket.on("join", async ({ chat, after }, done) => {
    socket.join(chat);
    done(after === undefined ? [] : await ask("missed", MISSED, [chat, after]));
  });
  socket.on("send", async ({ chat, content }, done) => {
    const [message] = await ask("send", INSERT, [chat, content]);
    io.to(chat).emit("message", message);
    done(message);
  });
});
http.listen({ port: 0, host: "127.0.0.1", backlog: BACKLOG }, () => console.log(http.address().port));
