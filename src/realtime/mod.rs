//! Those who watch: notifications in, frames out. A notification decides when something is told, and everything told here was
//! read from the log; but for a lone message that this instance has just committed, which is told as it was written when it is
//! all the news there are, the entry just before it, by its id, is the one that was told last, and no claim waits for the tables.
//!
//! From below: [`described`] says what frames and commands are made of, [`frames`] are what is written, [`packets`] the same for Socket.IO, [`transport`] where to, [`notification`] what a NOTIFY says, [`permits`] what a role must permit.
//! [`tail`] holds the latest of one chat's log, [`cursor`] where a client has got to in it, [`out`] what waits to be written.
//! [`session`] is one client, [`channel`] a chat with its followers, [`register`] whose presence has changed, [`replays`] reads pages of logs, [`hub`] is everyone
//! who is connected. [`subscription`] begins to follow one chat, [`gateway`] any number, [`watching`] asks who is online,
//! [`catch_up`] reads the log for one client. [`workers`] read the news for all, [`listener`] receives the notifications.
//! [`commands`] are what a client asks for, [`events`] how one of Socket.IO does, [`protocol`] is all of it for the documentation, [`closing`] is how a socket ends, [`socket`]
//! its WebSocket, [`conversation`] all of it, [`handshake`] lets it in, and [`socket_io`] lets in who speaks that. A file uses only files that stand before
//! it in this list.
//!
//! Locks are taken in this order: the hub's places, what the workers have still to do, a session, a channel.

mod described;
mod frames;
mod packets;
mod transport;
mod notification;
pub mod permits;
mod tail;
mod cursor;
mod out;
mod session;
mod channel;
mod register;
mod replays;
mod hub;
mod subscription;
mod gateway;
mod watching;
mod catch_up;
mod workers;
mod listener;
mod services;
mod commands;
mod events;
pub mod protocol;
mod closing;
mod socket;
mod conversation;
pub mod handshake;
pub mod socket_io;
pub mod api;

pub use hub::Hub;
pub use listener::run as run_listener;
pub use notification::Notification;
pub use services::Services;
pub use workers::{close_register, keep_register, start};

/// What clients of the sockets must know, for the documentation.
pub const MANUAL: &str = include_str!("manual.md");

#[cfg(test)]
mod tests;
