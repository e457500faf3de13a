//! What browsers are given: the web client and the client library.

mod client;
mod page;
mod sources;
