//! Bans: who is kept out of which chat. They are removed once, and refused from then on by every way in, public chats too.

pub mod api;
pub mod model;
pub mod service;
pub mod store;
