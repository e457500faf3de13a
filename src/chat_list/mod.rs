//! The list of chats: mine with what is new in them, and public ones to discover.

pub mod api;
mod model;
mod store;
