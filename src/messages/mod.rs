//! What is said in a chat, and its log.
//!
//! Each chat has one log: a row for each thing that happened, numbered 1, 2, 3 … in the order of commit. A message row
//! also carries its current state, so reading history never replays. Sends wait in the [`Outbox`] and share commits.
//!
//! What is done to a message afterwards (an edit, a recall, a reaction, a pin, clearing the chat) is a row changed under the
//! lock of the chat, and a trigger writes the entry: whichever way it came. Read marks are no entries.

pub mod api;
mod emoji;
pub mod jobs;
pub mod log;
pub mod model;
mod outbox;
pub mod scheduled;
pub mod search;
pub mod service;
pub mod store;
pub mod window;

pub use log::LogEntry;
pub use model::Message;
pub use outbox::{Outbox, Watch, Written};
