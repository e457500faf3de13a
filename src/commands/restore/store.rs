//! What a restore asks and does: one function per query file.

use serde::Serialize;
use tokio_postgres::Row;

use crate::{
    db::{FromRow, GenericClient, Transaction, query},
    error::Result,
};

/// The database that is restored into.
pub struct Place {
    /// The major version of the server.
    pub major: u32,
    /// Whether it is a standby.
    pub is_replica: bool,
    /// Where the extension is, if it is there.
    pub pg_trgm_schema: Option<String>,
    /// Whether the schema that was asked about is there.
    pub has_schema: bool,
}

impl FromRow for Place {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            major: row.try_get::<_, i32>("major")?.unsigned_abs(),
            is_replica: row.try_get("is_replica")?,
            pg_trgm_schema: row.try_get("pg_trgm_schema")?,
            has_schema: row.try_get("has_schema")?,
        })
    }
}

/// What the server is.
pub async fn place(db: &impl GenericClient, schema: &str) -> Result<Place> {
    query::one(db, include_str!("../../../sql/queries/restore/place.sql"), &[&schema]).await
}

/// Something that is in the way.
pub async fn occupant(db: &impl GenericClient) -> Result<Option<String>> {
    query::scalar(db, include_str!("../../../sql/queries/restore/occupant.sql"), &[]).await
}

/// Where this transaction makes what it makes.
pub async fn make_in(db: &Transaction<'_>, schema: &str) -> Result<()> {
    query::exec(db, include_str!("../../../sql/queries/restore/make_in.sql"), &[&schema]).await.map(drop)
}

/// Gives every scheduled message another id; says how many there are.
pub async fn rename_scheduled(db: &impl GenericClient) -> Result<u64> {
    query::exec(db, include_str!("../../../sql/queries/restore/rename_scheduled.sql"), &[]).await
}

/// How many were signed out.
#[derive(Clone, Copy, Serialize)]
pub struct SignedOut {
    /// Sessions that have ended.
    pub sessions: i64,
    /// API tokens that were revoked.
    pub api_tokens: i64,
}

impl FromRow for SignedOut {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { sessions: row.try_get("sessions")?, api_tokens: row.try_get("api_tokens")? })
    }
}

/// Signs everybody out.
pub async fn sign_out(db: &impl GenericClient) -> Result<SignedOut> {
    query::one(db, include_str!("../../../sql/queries/restore/sign_out.sql"), &[]).await
}

/// The ids of the keys with which something is encrypted, and how much.
pub async fn keys(db: &impl GenericClient) -> Result<Vec<(String, i64)>> {
    query::pairs(db, include_str!("../../../sql/queries/restore/keys.sql"), &[]).await
}
