//! Chats, and who is in them.
//!
//! A public chat can be read, joined and connected to by anyone signed in. A private one does not exist for those
//! outside: every endpoint asks [`access::enter`], and answers 404. What each of those inside may do is one table, [`rights`].

pub mod access;
pub mod api;
pub mod head;
pub mod hold;
pub mod jobs;
pub mod model;
pub mod reading;
pub mod rights;
pub mod service;
pub mod store;

pub use head::{Head, Position};
pub use model::{Access, Chat, Member, Place};
pub use rights::Action;
