//! The list of chats: mine with what is new in them, and public ones to discover.

pub mod api;
pub mod counted;
mod model;
mod store;
