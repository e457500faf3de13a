//! The table `blocks`: one function per query file.

use uuid::Uuid;

use super::model::{BlockRow, BlockSort, Side};
use crate::{
    db::{
        GenericClient,
        query::{self, Rows},
    },
    error::Result,
};

/// Blocks someone, who is then no friend any more; who is blocked already stays so.
pub async fn insert(db: &impl GenericClient, user_id: Uuid, blocked_id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/blocks/insert.sql"), &[&user_id, &blocked_id]).await?;
    Ok(())
}

/// Unblocks someone, if they are blocked; says whether there is such a person.
pub async fn delete(db: &impl GenericClient, user_id: Uuid, blocked_id: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/blocks/delete.sql");
    Ok(query::scalar(db, sql, &[&user_id, &blocked_id]).await?.unwrap_or(false))
}

/// What stands between someone and another.
pub async fn between(db: &impl GenericClient, user_id: Uuid, other_id: Uuid) -> Result<Option<Side>> {
    let sql = include_str!("../../sql/queries/blocks/between.sql");
    let side: Option<Option<String>> = query::scalar(db, sql, &[&user_id, &other_id]).await?;
    Ok(side.flatten().map(|side| Side::from_column(&side)))
}

/// whom someone has blocked.
pub async fn list(
    db: &impl GenericClient,
    user_id: Uuid,
    patterns: &[String],
    sort: BlockSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<BlockRow>> {
    let sql = include_str!("../../sql/queries/blocks/list.sql");
    query::rows(db, sql, &[&user_id, &sort.word(), &patterns, &limit, &offset]).await
}

/// How many someone has blocked.
pub async fn count(db: &impl GenericClient, user_id: Uuid, patterns: &[String]) -> Result<i64> {
    let sql = include_str!("../../sql/queries/blocks/count.sql");
    Ok(query::scalar(db, sql, &[&user_id, &patterns]).await?.unwrap_or(0))
}
