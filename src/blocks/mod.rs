//! Who wants nothing to do with whom.
//!
//! Blocking ends a friendship and whatever was asked, in both directions; from then on neither befriends the other or writes
//! to them directly: who is blocked is refused, and who blocks has to unblock first. Who is blocked does not see either
//! whether and when the other is online. Chats that others are in go on as before. Nobody is told of a block: who is blocked
//! learns it when they try.

pub mod api;
pub mod model;
pub mod service;
pub mod store;

pub use model::Side;
pub use service::refuse_blocked;
