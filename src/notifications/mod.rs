//! What people are told beside the messages of their chats.
//!
//! A notification is a row that its cause writes in its own transaction: triggers do, so that SQL causes the same. The numbers of
//! one person's notifications grow in the order of the commits, and so whoever was told up to one of them is told the rest by
//! asking for what lies behind it: the gateway does, on whatever instance, after whatever break. A
//! notification says who did what, and never what was said: words of a chat are read where they stand, by who may.

pub mod announcements;
pub mod api;
pub mod jobs;
pub mod model;
pub mod preferences;
pub mod service;
pub mod store;

pub use model::{Notification, NotificationKind};
