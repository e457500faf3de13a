//! The table `bans`: one function per query file.

use uuid::Uuid;

use super::model::{BanRow, BanSort};
use crate::{
    db::{
        GenericClient,
        query::{self, Rows},
    },
    error::Result,
};

/// Bans somebody from a chat, which puts them out; who is banned already stays so.
pub async fn insert(db: &impl GenericClient, chat_id: Uuid, user_id: Uuid, banned_by: Uuid) -> Result<()> {
    let sql = include_str!("../../sql/queries/bans/insert.sql");
    query::exec(db, sql, &[&chat_id, &user_id, &banned_by]).await?;
    Ok(())
}

/// Lets somebody come again; says whether they were banned.
pub async fn delete(db: &impl GenericClient, chat_id: Uuid, user_id: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/bans/delete.sql");
    Ok(query::exec(db, sql, &[&chat_id, &user_id]).await? > 0)
}

/// Who is banned from a chat, as somebody sees them.
pub async fn list(
    db: &impl GenericClient,
    chat_id: Uuid,
    seen_by: Uuid,
    patterns: &[String],
    sort: BanSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<BanRow>> {
    let sql = include_str!("../../sql/queries/bans/list.sql");
    query::rows(db, sql, &[&chat_id, &seen_by, &sort.word(), &patterns, &limit, &offset]).await
}

/// How many are banned from a chat.
pub async fn count(db: &impl GenericClient, chat_id: Uuid, patterns: &[String]) -> Result<i64> {
    let sql = include_str!("../../sql/queries/bans/count.sql");
    Ok(query::scalar(db, sql, &[&chat_id, &patterns]).await?.unwrap_or(0))
}

/// Those of these pairs of a person and a chat of which the one is banned from the other.
pub async fn list_pairs(db: &impl GenericClient, pairs: &[(Uuid, Uuid)]) -> Result<Vec<(Uuid, Uuid)>> {
    let (user_ids, chat_ids): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
    query::pairs(db, include_str!("../../sql/queries/bans/list_pairs.sql"), &[&user_ids, &chat_ids]).await
}

/// Every ban of these people: pairs of a person and a chat.
pub async fn list_of_people(db: &impl GenericClient, user_ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    query::pairs(db, include_str!("../../sql/queries/bans/list_of_people.sql"), &[&user_ids]).await
}
