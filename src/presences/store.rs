//! Presences: one function per query file.

use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::{FromRow, GenericClient, query},
    error::Result,
    time::Timestamp,
};

/// Whether somebody is online, for one who may know.
#[derive(Debug, Clone)]
pub struct Presence {
    /// Who asks.
    pub watcher_id: Uuid,
    /// Who is asked about.
    pub user_id: Uuid,
    /// Whether any instance that lives holds a socket of theirs.
    pub online: bool,
    /// When they last came or went; `None` when never.
    pub last_online_at: Option<Timestamp>,
}

impl FromRow for Presence {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            watcher_id: row.try_get("watcher_id")?,
            user_id: row.try_get("id")?,
            online: row.try_get("online")?,
            last_online_at: row.try_get("last_online_at")?,
        })
    }
}

/// The heartbeat of an instance; how many people the tables say are connected to it.
pub async fn heartbeat(db: &impl GenericClient, instance_id: Uuid) -> Result<i64> {
    let sql = include_str!("../../sql/queries/presences/heartbeat.sql");
    Ok(query::scalar(db, sql, &[&instance_id]).await?.unwrap_or(0))
}

/// Notes who came to an instance and who went; both were last online now.
pub async fn settle(db: &impl GenericClient, instance_id: Uuid, came: &[Uuid], went: &[Uuid]) -> Result<u64> {
    let sql = include_str!("../../sql/queries/presences/settle.sql");
    query::exec(db, sql, &[&instance_id, &came, &went]).await
}

/// Who the tables say is connected to an instance.
pub async fn list_here(db: &impl GenericClient, instance_id: Uuid) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../sql/queries/presences/list_here.sql"), &[&instance_id]).await
}

/// Removes instances whose heartbeat has stopped, and the one that is named.
pub async fn remove_instances(db: &impl GenericClient, instance_id: Option<Uuid>) -> Result<u64> {
    query::exec(db, include_str!("../../sql/queries/presences/remove_instances.sql"), &[&instance_id]).await
}

/// Whether people are online, for each pair of one who asks and one asked about; nothing of those they may not know.
pub async fn list_visible(
    db: &impl GenericClient,
    watcher_ids: &[Uuid],
    user_ids: &[Uuid],
) -> Result<Vec<Presence>> {
    let sql = include_str!("../../sql/queries/presences/list_visible.sql");
    query::all(db, sql, &[&watcher_ids, &user_ids]).await
}
