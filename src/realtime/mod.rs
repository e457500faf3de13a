//! Those who watch: bells in, frames out.
//!
//! [`listener`] hears the bells, [`hub`] reads the news of the chats that somebody here follows, [`channel`] holds the
//! latest of each, [`session`] is one client and where it has got to, [`socket`] is its WebSocket. There is no path from
//! a writer to a watcher in this program: everything told here was read from the log.

mod channel;
mod commands;
mod frames;
pub mod handshake;
mod hub;
mod listener;
mod session;
mod socket;

pub use hub::Hub;
pub use listener::run as run_listener;

#[cfg(test)]
mod tests;
