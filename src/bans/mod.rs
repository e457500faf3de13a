//! Who is kept out of which chat: put out once, and refused from then on by every way in, public chats too.

pub mod api;
pub mod model;
pub mod service;
pub mod store;
