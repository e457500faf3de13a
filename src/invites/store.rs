//! The table `invites`: one function per query file.

use crate::db::Pool;
use uuid::Uuid;

use super::model::{Invite, InviteSort, NewInvite};
use crate::{
    db::{
        GenericClient,
        query::{self, Rows},
    },
    error::Result,
};

/// Adds an invite.
pub async fn insert(
    db: &impl GenericClient,
    chat_id: Uuid,
    token_hash: &[u8],
    new: &NewInvite,
    created_by: Uuid,
) -> Result<Invite> {
    let sql = include_str!("../../sql/queries/invites/insert.sql");
    let seconds = new.expires_in.map(f64::from);
    query::one(db, sql, &[&Uuid::now_v7(), &chat_id, &token_hash, &new.max_uses, &seconds, &created_by]).await
}

/// The invites of a chat that have not expired.
pub async fn list(
    db: &impl GenericClient,
    chat_id: Uuid,
    sort: InviteSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Invite>> {
    let sql = include_str!("../../sql/queries/invites/list.sql");
    query::rows(db, sql, &[&chat_id, &sort.word(), &limit, &offset]).await
}

/// Removes the invites that have expired; says how many.
pub async fn sweep(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/invites/sweep.sql"), &[]).await
}

/// How many invites of a chat have not expired.
pub async fn count(db: &impl GenericClient, chat_id: Uuid) -> Result<i64> {
    let sql = include_str!("../../sql/queries/invites/count.sql");
    Ok(query::scalar(db, sql, &[&chat_id]).await?.unwrap_or(0))
}

/// Revokes an invite; says whether it was there.
pub async fn delete(db: &impl GenericClient, chat_id: Uuid, id: Uuid) -> Result<bool> {
    Ok(query::exec(db, include_str!("../../sql/queries/invites/delete.sql"), &[&chat_id, &id]).await? == 1)
}

/// The invite with this token and its chat, unless it has expired.
pub async fn find(db: &impl GenericClient, token_hash: &[u8]) -> Result<Option<(Uuid, Uuid)>> {
    let found = query::pairs(db, include_str!("../../sql/queries/invites/find.sql"), &[&token_hash]).await?;
    Ok(found.into_iter().next())
}

/// Counts one more who comes in; says whether there was a use left.
pub async fn spend(db: &impl GenericClient, id: Uuid) -> Result<bool> {
    Ok(query::exec(db, include_str!("../../sql/queries/invites/spend.sql"), &[&id]).await? == 1)
}
