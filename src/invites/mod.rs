//! Invites: whoever brings the token of one comes into its chat.
//!
//! The token is told once, to the one who makes the invite; the table knows its hash.

pub mod api;
pub mod model;
pub mod service;
pub mod store;
