//! Hooks: what other programs say in a chat, each by an address of its own and in the name of a bot user.
//!
//! The address is all that is asked for, so it holds a secret: told once, and kept as a hash. Who made the hook answers for it,
//! and it ends with their rights (`sql/functions/stop_webhooks.sql`). Which programs send what is read in [`text`].

pub mod api;
mod limits;
pub mod model;
pub mod service;
pub mod store;
pub mod text;
