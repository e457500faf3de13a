//! Ephemeral events: one function per query file.

use crate::db::Pool;

use crate::{db::query, error::Result};

/// Sends finished payloads, in this order.
pub async fn post(pool: &Pool, payloads: &[String]) -> Result<u64> {
    let db = pool.get().await?;
    query::exec(&db, include_str!("../../sql/queries/ephemeral/post.sql"), &[&payloads]).await
}
