//! What all instances remember for a while: values and counters with an expiry, in an unlogged table.
//!
//! It is fast and forgetful: empty after PostgreSQL has crashed, so nothing that must be known stands here alone. What
//! has expired is not there, whether or not it was swept yet.

mod store;

pub use store::{delete, get, incr, set, sweep};
