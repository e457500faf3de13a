//! What browsers are given: the web client, and the client library under it.

pub mod app;
pub mod client;
mod modules;
mod sources;
