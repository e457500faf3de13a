//! Those who watch: bells in, frames out.
//!
//! [`listener`] hears the [`bell`]s, [`hub`] reads the news of the chats that somebody here follows, [`channel`] holds the
//! latest of each, [`session`] is one client, [`cursor`] where it has got to and [`out`] what waits for it; [`socket`] is
//! its WebSocket, [`register`] who is connected, [`permits`] what its holder's roles must permit, [`subscription`] how it begins to follow and [`catch_up`] what it reads of the log. There is no path from a writer to a watcher in this program:
//! everything told here was read from the log.
//!
//! Locks are taken in this order: the hub's places, a session, a channel.

pub mod api;
mod bell;
mod catch_up;
mod channel;
mod commands;
mod cursor;
mod frames;
pub mod handshake;
mod hub;
mod listener;
mod out;
pub mod permits;
mod register;
mod session;
mod socket;
mod subscription;

pub use hub::Hub;
pub use listener::run as run_listener;

/// What clients of the sockets must know, for the documentation.
pub const MANUAL: &str = include_str!("manual.md");

#[cfg(test)]
mod tests;
