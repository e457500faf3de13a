//! The table `throttles`: one function per query file.

use std::time::Duration;

use tokio_postgres::Row;

use crate::{
    db::{FromRow, GenericClient, Pool, query},
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

/// Adds one to several counters at once; each expires so long after its first count. Answers where each stands.
pub async fn count(db: &impl GenericClient, keys: &[String], expires_in: Duration) -> Result<Vec<Count>> {
    let sql = include_str!("../../../sql/queries/throttles/count.sql");
    query::all(db, sql, &[&keys, &expires_in.as_secs_f64()]).await
}

/// Where several counters stand; one that has expired is not among them.
pub async fn list(db: &impl GenericClient, keys: &[String]) -> Result<Vec<Count>> {
    query::all(db, include_str!("../../../sql/queries/throttles/list.sql"), &[&keys]).await
}

/// Takes back what [`count`] added.
pub async fn uncount(db: &impl GenericClient, keys: &[String]) -> Result<()> {
    query::exec(db, include_str!("../../../sql/queries/throttles/uncount.sql"), &[&keys]).await?;
    Ok(())
}

/// Removes what has expired; answers how much.
pub async fn sweep(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../../sql/queries/throttles/sweep.sql"), &[]).await
}
