//! What people upload: kept in the storage, attached to a message, fetched by those who may see that message.
//!
//! A row of `files` is there before its bytes and goes after them, so none are ever lost for ever: it is `arriving`, then
//! `loose` until a message is posted with it, then `attached`; `orphaned` when that message is gone, or when no message
//! took it in a day. Who may fetch it is asked of the chat of its message: [`crate::chats::access`].

pub mod api;
mod download;
pub mod jobs;
mod kind;
mod links;
pub mod model;
mod name;
mod package;
pub mod service;
pub mod store;

pub use jobs::sweep;
pub use model::{File, FileRow};
pub use service::MAX_BYTES;
