//! Stories about people on the real thing: real PostgreSQL, real HTTP, real sockets, two instances where it matters.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test that can not go on has failed; a helper process talks on standard output"
)]

mod auth;
mod chats;
mod commands;
mod conversation;
mod embedded;
mod messages;
mod sql;
mod storage;
mod support;
mod users;
