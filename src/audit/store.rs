//! The table `audit`: one function per query file.

use super::model::{Filter, Record};
use crate::{
    db::{
        GenericClient,
        query::{self, Rows},
    },
    error::Result,
};

/// Records, the latest first.
pub async fn list_latest(
    db: &impl GenericClient,
    filter: &Filter,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Record>> {
    let sql = include_str!("../../sql/queries/audit/list_latest.sql");
    let Filter { actor_id, action, target, from, to } = filter;
    query::rows(db, sql, &[actor_id, action, target, from, to, &limit, &offset]).await
}

/// Records, the oldest first.
pub async fn list_oldest(
    db: &impl GenericClient,
    filter: &Filter,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Record>> {
    let sql = include_str!("../../sql/queries/audit/list_oldest.sql");
    let Filter { actor_id, action, target, from, to } = filter;
    query::rows(db, sql, &[actor_id, action, target, from, to, &limit, &offset]).await
}

/// How many records there are.
pub async fn count(db: &impl GenericClient, filter: &Filter) -> Result<i64> {
    let sql = include_str!("../../sql/queries/audit/count.sql");
    let Filter { actor_id, action, target, from, to } = filter;
    Ok(query::scalar(db, sql, &[actor_id, action, target, from, to]).await?.unwrap_or(0))
}

/// Removes up to `most` records that are older than so many days, 30 at least; answers how many.
pub async fn trim(db: &impl GenericClient, days: i32, most: i32) -> Result<u64> {
    let sql = include_str!("../../sql/queries/audit/trim.sql");
    let removed: Option<i64> = query::scalar(db, sql, &[&days, &most]).await?;
    Ok(removed.unwrap_or_default().unsigned_abs())
}
