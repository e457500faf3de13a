//! Ephemeral events: one function per query file.

use crate::db::Pool;

use crate::{db::query, error::Result};

/// Sends finished payloads, in this order.
pub async fn post(pool: &Pool, payloads: &[String]) -> Result<u64> {
    let sql = include_str!("../../sql/queries/ephemeral/post.sql");
    // A payload that is heard twice counts once.
    pool.ask(|db| async move { query::exec(&db, sql, &[&payloads]).await }).await
}
