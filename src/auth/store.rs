//! The tables `sessions`, `refresh_tokens` and `login_failures`: one function per query file.

use deadpool_postgres::Pool;
use uuid::Uuid;

use super::model::RefreshRow;
use crate::{
    db::{GenericClient, query},
    error::Result,
    time::Timestamp,
};

/// A new session, as it goes into the table.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct NewSession<'a> {
    pub id: Uuid,
    pub user_id: Uuid,
    pub user_agent: &'a str,
    pub address: &'a str,
    pub refresh_hash: &'a [u8],
    pub expires_at: Timestamp,
}

/// Begins a session with its first refresh token.
pub async fn insert(db: &impl GenericClient, session: NewSession<'_>) -> Result<()> {
    let sql = include_str!("../../sql/queries/sessions/insert.sql");
    let NewSession { id, user_id, user_agent, address, refresh_hash, expires_at } = session;
    query::exec(db, sql, &[&id, &user_id, &user_agent, &address, &refresh_hash, &expires_at]).await?;
    Ok(())
}

/// Ends a session; says whether it was still going on.
pub async fn revoke(db: &impl GenericClient, id: Uuid, because: &str) -> Result<bool> {
    let sql = include_str!("../../sql/queries/sessions/revoke.sql");
    Ok(query::exec(db, sql, &[&id, &because]).await? == 1)
}

/// Notes that a session was used, and until when it now lasts.
pub async fn touch(db: &impl GenericClient, id: Uuid, expires_at: Timestamp) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/sessions/touch.sql"), &[&id, &expires_at]).await?;
    Ok(())
}

/// The sessions revoked since a moment.
pub async fn list_revoked_since(db: &impl GenericClient, since: Timestamp) -> Result<Vec<Uuid>> {
    let sql = include_str!("../../sql/queries/sessions/list_revoked_since.sql");
    query::ids(db, sql, &[&since]).await
}

/// Which of these sessions are over.
pub async fn list_over(db: &impl GenericClient, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let sql = include_str!("../../sql/queries/sessions/list_over.sql");
    query::ids(db, sql, &[&ids]).await
}

/// A refresh token by its hash; locks it and its session.
pub async fn find(db: &impl GenericClient, hash: &[u8]) -> Result<Option<RefreshRow>> {
    query::opt(db, include_str!("../../sql/queries/refresh_tokens/find.sql"), &[&hash]).await
}

/// Notes that a refresh token was used.
pub async fn spend(db: &impl GenericClient, hash: &[u8]) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/refresh_tokens/spend.sql"), &[&hash]).await?;
    Ok(())
}

/// Adds a refresh token to a session.
pub async fn add_refresh_token(
    db: &impl GenericClient,
    session_id: Uuid,
    hash: &[u8],
    expires_at: Timestamp,
) -> Result<()> {
    let sql = include_str!("../../sql/queries/refresh_tokens/insert.sql");
    query::exec(db, sql, &[&session_id, &hash, &expires_at]).await?;
    Ok(())
}

/// Removes refresh tokens that can not be spent any more; answers how many.
pub async fn sweep_refresh_tokens(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/refresh_tokens/sweep.sql"), &[]).await
}

/// Removes failed sign-ins that are older than a day; answers how many.
pub async fn sweep_login_failures(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/login_failures/sweep.sql"), &[]).await
}
