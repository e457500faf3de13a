//! Events: what takes place at a time, with so many tickets, and maybe a chat of its own.
//!
//! Everybody signed in sees every event; its owner and administrators change it. What must be true whoever writes is done by
//! triggers: the chat, the counts, who is told of a change, the next number of the sequence. Tickets and the waiting
//! list are in `tickets`.
//!
//! Whoever writes something that concerns the places of an event holds its row ([`hold`]): people by their ids, then the event,
//! then its chat. Two things have their time: a hold runs out, and people are reminded. [`due`] does both.

pub mod api;
pub mod due;
pub mod hold;
pub mod local_time;
pub mod model;
pub mod rights;
pub mod service;
pub mod store;
