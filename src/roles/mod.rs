//! Roles: what a person may do at all, whatever the thing is they do it to.
//!
//! Every operation that needs a token has a permission, named by its method and path; a role is a set of them, a person
//! has any number of roles, and what any of them permits is permitted. `admin` may everything (`*`). `user` is what a new
//! account gets: every operation but those whose documentation bears the tag `Administration`. When a server starts, it
//! adds the operations that no server before it knew to `user`; what was taken from that role once stays taken.
//!
//! [`service::check`] is asked in one place for requests, before their handlers, and in one for the commands of sockets.
//! It answers from memory ([`crate::permissions`]); a change of the tables notifies, whoever made it.

pub mod api;
pub mod model;
pub mod service;
pub mod store;

pub use model::{Role, Route};
