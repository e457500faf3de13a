//! People: who they are, what others may see of them, and their picture.
//!
//! `email`, `roles` and `status` are for oneself and administrators; `contacts` also for friends, and sealed in the
//! table; the rest is public.

pub mod addresses;
pub mod api;
pub mod avatar;
pub mod erasing;
pub mod model;
pub mod named;
pub mod quota;
pub mod service;
pub mod store;
pub mod view;

pub use model::{Contacts, NewContacts, User};
pub use view::Viewer;
