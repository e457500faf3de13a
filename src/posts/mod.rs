//! Posts: what people write for everybody who is signed in.
//!
//! A post is changed and deleted by who wrote it, and by administrators. Its comments end with it; how many there are is counted in its
//! row. When its owner is erased it stays, under an id that names nobody, unless their words are to go.

pub mod api;
pub mod model;
pub mod service;
pub mod store;

pub use model::Post;
