//! The table `login_keys`: one function per query file.

use crate::db::Pool;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::{FromRow, GenericClient, query},
    error::Result,
};

/// A key as the table has it.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct KeyRow {
    pub id: Uuid,
    pub public_key: String,
    pub private_key: Vec<u8>,
    pub is_old: bool,
}

impl FromRow for KeyRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            public_key: row.try_get("public_key")?,
            private_key: row.try_get("private_key")?,
            is_old: row.try_get("is_old")?,
        })
    }
}

/// Adds a key, which is the newest from now on.
pub async fn insert(db: &impl GenericClient, id: Uuid, public_key: &str, private_key: &[u8]) -> Result<()> {
    let sql = include_str!("../../../sql/queries/login_keys/insert.sql");
    query::exec(db, sql, &[&id, &public_key, &private_key]).await?;
    Ok(())
}

/// The key to hand out.
pub async fn newest(db: &impl GenericClient) -> Result<Option<KeyRow>> {
    query::opt(db, include_str!("../../../sql/queries/login_keys/newest.sql"), &[]).await
}

/// The sealed private half of a key that is still taken.
pub async fn find(db: &impl GenericClient, id: Uuid) -> Result<Option<Vec<u8>>> {
    query::scalar(db, include_str!("../../../sql/queries/login_keys/find.sql"), &[&id]).await
}

/// Removes keys that are not taken any more; answers how many.
pub async fn sweep(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../../sql/queries/login_keys/sweep.sql"), &[]).await
}

/// Notes that something encrypted was taken; says whether it was for the first time.
pub async fn take(db: &impl GenericClient, hash: &[u8]) -> Result<bool> {
    let sql = include_str!("../../../sql/queries/login_keys/take.sql");
    Ok(query::exec(db, sql, &[&hash]).await? == 1)
}

/// Forgets what would be too old to be taken again; answers how much.
pub async fn sweep_uses(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../../sql/queries/login_keys/sweep_uses.sql"), &[]).await
}
