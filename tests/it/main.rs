//! Stories about people on the real thing: real PostgreSQL, real HTTP, real sockets, two instances where it matters.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that can not go on has failed; a helper process talks on standard output"
)]

mod conversation;
mod delivery;
mod embedded;
mod resume;
mod sockets;
mod sql_client;
mod support;
