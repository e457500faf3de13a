//! Scheduled messages: rows of the table `scheduled_messages`, sent by whichever instance looks first when the time has come.
//!
//! A row becomes a message by the same way as every other, with its own `client_id` and id: sent twice, because who sent it
//! died before it could say so, it is one message. Whether the sender may is asked then, not only now. Every instance
//! knows when the next one is due, and sleeps until then; a new one notifies.

pub mod api;
pub mod model;
mod sender;
pub mod service;
mod store;

pub use sender::{is_notification, run};
pub use store::sweep;
