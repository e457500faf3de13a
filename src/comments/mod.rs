//! Comments: what people write about an event or a post.
//!
//! A comment is deleted by who wrote it, by the owner of what it is on, and by administrators, and it ends with that. Whom that owner has
//! blocked writes none. The owner is notified of each, in the transaction that writes it; so does the database when SQL does.

pub mod api;
pub mod jobs;
pub mod model;
pub mod service;
pub mod store;

pub use model::Comment;
