//! The table `cache`: one function per query file.

use std::time::Duration;

use crate::db::Pool;
use serde_json::Value;

use crate::{
    db::{GenericClient, query},
    error::Result,
};

/// The value of a key that has not expired.
pub async fn get(db: &impl GenericClient, key: &str) -> Result<Option<Value>> {
    query::scalar(db, include_str!("../../sql/queries/cache/get.sql"), &[&key]).await
}

/// Gives a key a value for so long.
pub async fn set(db: &impl GenericClient, key: &str, value: &Value, expires_in: Duration) -> Result<()> {
    let sql = include_str!("../../sql/queries/cache/set.sql");
    query::exec(db, sql, &[&key, &value, &expires_in.as_secs_f64()]).await?;
    Ok(())
}

/// Adds to a counter and answers what it is now. It begins at zero and expires so long after its first count; further
/// counts do not prolong it. An error when the key holds something else than a whole number.
pub async fn incr(db: &impl GenericClient, key: &str, by: i64, expires_in: Duration) -> Result<i64> {
    let sql = include_str!("../../sql/queries/cache/incr.sql");
    Ok(query::scalar(db, sql, &[&key, &by, &expires_in.as_secs_f64()]).await?.unwrap_or_default())
}

/// Forgets a key.
pub async fn delete(db: &impl GenericClient, key: &str) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/cache/delete.sql"), &[&key]).await?;
    Ok(())
}

/// Removes what has expired; answers how much.
pub async fn sweep(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/cache/sweep.sql"), &[]).await
}
