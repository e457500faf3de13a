// What one would build instead: Socket.IO with its PostgreSQL adapter, one table, an INSERT and a NOTIFY for each message. It
// asks nobody who they are, numbers nothing, and keeps no message from coming twice.
//
// node peer.mjs POSTGRES_URL; says the port it listens at, on loopback, and serves until it is ended.
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/postgres-adapter";
import pg from "pg";
import { Server } from "socket.io";

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

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });
io.adapter(createAdapter(pool));
io.on("connection", (socket) => {
  socket.on("join", (chat, done) => {
    socket.join(chat);
    done();
  });
  socket.on("send", async ({ chat, content }, done) => {
    const sql = { name: "send", text: "insert into messages (chat, content) values ($1, $2) returning id, created_at" };
    const { rows } = await pool.query({ ...sql, values: [chat, content] });
    const message = { id: rows[0].id, chat, content, created_at: rows[0].created_at };
    io.to(chat).emit("message", message);
    done(message);
  });
});
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
