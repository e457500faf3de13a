//! The table `api_tokens`, as their owner sees it: one function per query file.

use uuid::Uuid;

use crate::{
    auth::model::tokens::{ApiToken, ApiTokenSort},
    db::{
        GenericClient, Pool,
        query::{self, Rows},
    },
    error::Result,
    time::Timestamp,
};

/// A new token, as it goes into the table.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct NewToken<'a> {
    pub id: Uuid,
    pub user_id: Uuid,
    pub name: &'a str,
    pub hash: &'a [u8],
    pub scopes: &'a [String],
    pub expires_at: Option<Timestamp>,
    pub password_hash: &'a str,
}

/// Adds a token; `None` when its owner is suspended, or has another password.
pub async fn insert(db: &impl GenericClient, new: NewToken<'_>) -> Result<Option<ApiToken>> {
    let sql = include_str!("../../../sql/queries/api_tokens/insert.sql");
    let NewToken { id, user_id, name, hash, scopes, expires_at, password_hash } = new;
    query::opt(db, sql, &[&id, &user_id, &name, &hash, &scopes, &expires_at, &password_hash]).await
}

/// somebody's tokens that were not revoked.
pub async fn list(
    db: &impl GenericClient,
    user_id: Uuid,
    sort: ApiTokenSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<ApiToken>> {
    let sql = include_str!("../../../sql/queries/api_tokens/list.sql");
    query::rows(db, sql, &[&user_id, &sort.word(), &limit, &offset]).await
}

/// How many tokens of somebody's were not revoked.
pub async fn count(db: &impl GenericClient, user_id: Uuid) -> Result<i64> {
    let sql = include_str!("../../../sql/queries/api_tokens/count.sql");
    Ok(query::scalar(db, sql, &[&user_id]).await?.unwrap_or(0))
}

/// Ends a token of somebody's; says whether it is theirs and was not revoked yet.
pub async fn revoke(db: &impl GenericClient, id: Uuid, user_id: Uuid) -> Result<bool> {
    let sql = include_str!("../../../sql/queries/api_tokens/revoke.sql");
    Ok(query::exec(db, sql, &[&id, &user_id]).await? == 1)
}

/// Removes tokens that were ended a week ago or expired a month ago; answers how many.
pub async fn sweep(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../../sql/queries/api_tokens/sweep.sql"), &[]).await
}
