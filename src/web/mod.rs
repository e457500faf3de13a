//! What browsers are given: the client library.

pub mod client;
