//! Tokens: signed here, verified here, and known to be dead here.
//!
//! An access token is an HS256 JWT with `sub`, `sid`, `jti`, `type`, `iat` and `exp`, and the id of its key as `kid` in
//! the header. Verifying asks no database: what ended before its time is in [`Revocations`]. A personal API token is
//! random; whose it is stands in a table, and is kept in mind by [`ApiTokens`].

mod api_tokens;
mod refresh_tokens;
mod revocations;
mod signer;

pub use api_tokens::{ApiToken, ApiTokens, PREFIX, new_api_token};
pub use refresh_tokens::RefreshTokens;
pub use revocations::Revocations;
pub use signer::{AccessClaims, Signer};
