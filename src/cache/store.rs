//! The table `cache`: one function per query file.

use std::time::Duration;

use crate::db::Pool;
use serde_json::Value;
use tokio_postgres::Row;

use crate::{
    db::{FromRow, GenericClient, query},
    error::Result,
};

/// Where a counter stands.
#[derive(Debug, Clone, Copy)]
pub struct Count {
    /// How many were counted.
    pub count: i64,
    /// When it begins anew.
    pub seconds: f64,
}

impl FromRow for Count {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { count: row.try_get("count")?, seconds: row.try_get("seconds")? })
    }
}

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

/// Adds one to several counters at once, as [`incr`] does; answers where each stands.
pub async fn count(db: &impl GenericClient, keys: &[String], expires_in: Duration) -> Result<Vec<Count>> {
    let sql = include_str!("../../sql/queries/cache/count.sql");
    query::all(db, sql, &[&keys, &expires_in.as_secs_f64()]).await
}

/// Where several counters stand; one that has expired is not among them.
pub async fn counts(db: &impl GenericClient, keys: &[String]) -> Result<Vec<Count>> {
    query::all(db, include_str!("../../sql/queries/cache/counts.sql"), &[&keys]).await
}

/// Takes back what [`count`] added.
pub async fn uncount(db: &impl GenericClient, keys: &[String]) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/cache/uncount.sql"), &[&keys]).await?;
    Ok(())
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
