//! Access tokens: signed here, verified here, and known to be dead here.
//!
//! An access token is an HS256 JWT with `sub`, `sid`, `jti`, `type`, `iat` and `exp`, and the id of its key as `kid` in
//! the header. Verifying asks no database: what ended before its time is in [`Revocations`].

mod revocations;
mod signer;

pub use revocations::Revocations;
pub use signer::{AccessClaims, Signer};
