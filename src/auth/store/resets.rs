//! The table `password_resets`: one function per query file.

use std::time::Duration;

use crate::db::Pool;
use uuid::Uuid;

use crate::{
    db::{GenericClient, query},
    error::Result,
};

/// Adds a reset for the account with this e-mail, ignoring case; answers the address as the account has it, or `None` when
/// there is no such account that is active.
pub async fn insert(
    db: &impl GenericClient,
    hash: &[u8],
    email: &str,
    expires_in: Duration,
) -> Result<Option<String>> {
    let sql = include_str!("../../../sql/queries/password_resets/insert.sql");
    query::scalar(db, sql, &[&hash, &email, &expires_in.as_secs_f64()]).await
}

/// Whose password a reset sets, if it is still good.
pub async fn find(db: &impl GenericClient, hash: &[u8]) -> Result<Option<Uuid>> {
    query::scalar(db, include_str!("../../../sql/queries/password_resets/find.sql"), &[&hash]).await
}

/// Uses a reset up, and with it every other of the account; answers whose it was, if it was still good.
pub async fn take(db: &impl GenericClient, hash: &[u8]) -> Result<Option<Uuid>> {
    query::scalar(db, include_str!("../../../sql/queries/password_resets/take.sql"), &[&hash]).await
}

/// Removes resets that have expired; answers how many.
pub async fn sweep(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../../sql/queries/password_resets/sweep.sql"), &[]).await
}
