//! What a backup asks: one function per query file. Lists are read page by page, in the order of their ids.

use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::{FromRow, GenericClient, query},
    error::Result,
};

/// The moment that a backup is of.
pub struct Moment {
    /// The name of the snapshot.
    pub snapshot: String,
    /// The major version of the server.
    pub major: u32,
    /// Whether the server is a standby.
    pub is_replica: bool,
    /// The migration the database is at.
    pub migration: i32,
    /// Where the extension is.
    pub pg_trgm_schema: String,
}

impl FromRow for Moment {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            snapshot: row.try_get("snapshot")?,
            major: row.try_get::<_, i32>("major")?.unsigned_abs(),
            is_replica: row.try_get("is_replica")?,
            migration: row.try_get("migration")?,
            pg_trgm_schema: row.try_get("pg_trgm_schema")?,
        })
    }
}

/// Names the snapshot of this transaction.
pub async fn begin(db: &impl GenericClient) -> Result<Moment> {
    query::one(db, include_str!("../../../sql/queries/backup/begin.sql"), &[]).await
}

/// The next uploads, and whether each has a thumbnail.
pub async fn list_files(db: &impl GenericClient, after: Uuid, limit: i64) -> Result<Vec<(Uuid, bool)>> {
    query::pairs(db, include_str!("../../../sql/queries/backup/list_files.sql"), &[&after, &limit]).await
}

/// The next people, and the key of each one's picture.
pub async fn list_avatars(
    db: &impl GenericClient,
    after: Uuid,
    limit: i64,
) -> Result<Vec<(Uuid, Option<String>)>> {
    query::pairs(db, include_str!("../../../sql/queries/backup/list_avatars.sql"), &[&after, &limit]).await
}

/// The next chats, and the key of each one's picture.
pub async fn list_images(
    db: &impl GenericClient,
    after: Uuid,
    limit: i64,
) -> Result<Vec<(Uuid, Option<String>)>> {
    query::pairs(db, include_str!("../../../sql/queries/backup/list_images.sql"), &[&after, &limit]).await
}
