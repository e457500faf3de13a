//! The tables `sessions` and `refresh_tokens`: one function per query file.

pub mod keys;
pub mod resets;
pub mod throttles;
pub mod tokens;

use std::time::Duration;

use crate::db::Pool;
use uuid::Uuid;

use super::model::{ProofRow, RefreshRow, SessionRow, SessionSort};
use crate::{
    db::{
        GenericClient, Transaction,
        query::{self, Rows},
    },
    error::Result,
};

/// Whether somebody has signed in from an address, as far as is remembered.
pub async fn knows_address(db: &impl GenericClient, user_id: Uuid, address: &str) -> Result<bool> {
    let sql = include_str!("../../sql/queries/sessions/knows_address.sql");
    Ok(query::scalar(db, sql, &[&user_id, &address]).await?.unwrap_or(false))
}

/// A new session, as it goes into the table.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct NewSession<'a> {
    pub id: Uuid,
    pub user_id: Uuid,
    pub user_agent: &'a str,
    pub address: &'a str,
    pub refresh_hash: &'a [u8],
    pub days: i32,
    pub password_hash: &'a str,
}

/// Begins a session with its first refresh token; says whether the account is active, and its password still that one.
pub async fn insert(db: &impl GenericClient, session: NewSession<'_>) -> Result<bool> {
    let sql = include_str!("../../sql/queries/sessions/insert.sql");
    let NewSession { id, user_id, user_agent, address, refresh_hash, days, password_hash } = session;
    let columns: query::Params<'_> =
        &[&id, &user_id, &user_agent, &address, &refresh_hash, &days, &password_hash];
    Ok(query::exec(db, sql, columns).await? == 1)
}

/// Ends a session; says whether it was still going on.
pub async fn revoke(db: &impl GenericClient, id: Uuid, because: &str) -> Result<bool> {
    let sql = include_str!("../../sql/queries/sessions/revoke.sql");
    Ok(query::exec(db, sql, &[&id, &because]).await? == 1)
}

/// Ends a session of somebody's; says whether it is theirs and was still going on.
pub async fn revoke_own(db: &impl GenericClient, id: Uuid, user_id: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/sessions/revoke_own.sql");
    Ok(query::exec(db, sql, &[&id, &user_id]).await? == 1)
}

/// Ends somebody's sessions beyond the latest so many; answers which.
pub async fn end_surplus(db: &impl GenericClient, user_id: Uuid, most: i64) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../sql/queries/sessions/end_surplus.sql"), &[&user_id, &most]).await
}

/// Lets a session go on when this transaction sets another password, which ends all others.
pub async fn keep(db: &Transaction<'_>, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/sessions/keep.sql"), &[&id]).await?;
    Ok(())
}

/// The sessions and API tokens of somebody that this transaction has ended.
pub async fn list_ended_now(db: &Transaction<'_>, user_id: Uuid) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../sql/queries/sessions/list_ended_now.sql"), &[&user_id]).await
}

/// What would prove whose session this is, while it goes on.
pub async fn find_proof(
    db: &impl GenericClient,
    id: Uuid,
    user_id: Uuid,
    fresh: Duration,
) -> Result<Option<ProofRow>> {
    let sql = include_str!("../../sql/queries/sessions/find_proof.sql");
    query::opt(db, sql, &[&id, &user_id, &fresh.as_secs_f64()]).await
}

/// Removes sessions that ended a week ago; answers how many.
pub async fn sweep(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/sessions/sweep.sql"), &[]).await
}

/// somebody's sessions that go on.
pub async fn list(
    db: &impl GenericClient,
    user_id: Uuid,
    sort: SessionSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<SessionRow>> {
    let sql = include_str!("../../sql/queries/sessions/list.sql");
    query::rows(db, sql, &[&user_id, &sort.word(), &limit, &offset]).await
}

/// How many sessions of somebody's go on.
pub async fn count(db: &impl GenericClient, user_id: Uuid) -> Result<i64> {
    let sql = include_str!("../../sql/queries/sessions/count.sql");
    Ok(query::scalar(db, sql, &[&user_id]).await?.unwrap_or(0))
}

/// Notes that a session was used, and lasts so many days from now on.
pub async fn touch(db: &impl GenericClient, id: Uuid, days: i32) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/sessions/touch.sql"), &[&id, &days]).await?;
    Ok(())
}

/// The sessions and API tokens revoked within so long.
pub async fn list_revoked_since(db: &impl GenericClient, ago: Duration) -> Result<Vec<Uuid>> {
    let sql = include_str!("../../sql/queries/sessions/list_revoked_since.sql");
    query::ids(db, sql, &[&ago.as_secs_f64()]).await
}

/// Which of these sessions and API tokens are over.
pub async fn list_over(db: &impl GenericClient, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let sql = include_str!("../../sql/queries/sessions/list_over.sql");
    query::ids(db, sql, &[&ids]).await
}

/// Which of these sessions and API tokens are over, each with whether the tables know it.
pub async fn list_over_or_unknown(db: &impl GenericClient, ids: &[Uuid]) -> Result<Vec<(Uuid, bool)>> {
    query::pairs(db, include_str!("../../sql/queries/sessions/list_over_or_unknown.sql"), &[&ids]).await
}

/// A refresh token by its hash; locks it and its session.
pub async fn find(db: &impl GenericClient, hash: &[u8]) -> Result<Option<RefreshRow>> {
    query::opt(db, include_str!("../../sql/queries/refresh_tokens/find.sql"), &[&hash]).await
}

/// Notes that a refresh token was used, and that those of its session which nobody has used for `grace` seconds are not to be.
pub async fn spend(db: &impl GenericClient, session_id: Uuid, hash: &[u8], grace: f64) -> Result<()> {
    let sql = include_str!("../../sql/queries/refresh_tokens/spend.sql");
    query::exec(db, sql, &[&session_id, &hash, &grace]).await?;
    Ok(())
}

/// Removes those of a session that were used more than `grace` seconds ago.
pub async fn forget(db: &impl GenericClient, session_id: Uuid, grace: f64) -> Result<()> {
    let sql = include_str!("../../sql/queries/refresh_tokens/forget.sql");
    query::exec(db, sql, &[&session_id, &grace]).await?;
    Ok(())
}

/// Adds a refresh token to a session, good for so many days.
pub async fn add_refresh_token(
    db: &impl GenericClient,
    session_id: Uuid,
    hash: &[u8],
    days: i32,
) -> Result<()> {
    let sql = include_str!("../../sql/queries/refresh_tokens/insert.sql");
    query::exec(db, sql, &[&session_id, &hash, &days]).await?;
    Ok(())
}

/// Removes refresh tokens that cannot be used any more; answers how many.
pub async fn sweep_refresh_tokens(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/refresh_tokens/sweep.sql"), &[]).await
}
