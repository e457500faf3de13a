//! Signing up, in and out. A sign-in is a row in `sessions`; what keeps it going is a refresh token that is used
//! with each use and stored as a hash. Revoking it, whichever way, ends its tokens and sockets on every instance.

pub mod api;
mod cookies;
pub mod jobs;
pub mod model;
pub mod passwords;
pub mod service;
pub mod store;
mod throttle;
mod user_agent;
