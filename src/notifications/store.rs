//! The tables `notifications`, `notification_heads` and `notification_preferences`: one function per query file.

use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::model::{
    Counts, Filter, News, Notification, NotificationKind, ReadState, announcement::Announcement,
    preferences::Ways,
};
use crate::{
    db::{
        FromRow, GenericClient, Pool,
        query::{self, Rows},
    },
    error::Result,
};

/// Somebody's notifications, the newest first.
pub async fn list(
    db: &impl GenericClient,
    user_id: Uuid,
    filter: Filter,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Notification>> {
    let kind = filter.kind.map(NotificationKind::word);
    let sql = include_str!("../../sql/queries/notifications/list.sql");
    query::rows(db, sql, &[&user_id, &kind, &filter.unread, &limit, &offset]).await
}

/// How many those are.
pub async fn count(db: &impl GenericClient, user_id: Uuid, filter: Filter) -> Result<Counts> {
    let kind = filter.kind.map(NotificationKind::word);
    let sql = include_str!("../../sql/queries/notifications/count.sql");
    query::one(db, sql, &[&user_id, &kind, &filter.unread]).await
}

/// Says something to somebody; `None` when nobody is there.
pub async fn insert(
    db: &impl GenericClient,
    id: Uuid,
    recipient_id: Uuid,
    message: &str,
    sender_id: Uuid,
) -> Result<Option<Notification>> {
    let sql = include_str!("../../sql/queries/notifications/insert.sql");
    query::opt(db, sql, &[&id, &recipient_id, &message, &sender_id]).await
}

/// Notes that somebody has read one; says whether there is such a one.
pub async fn mark_read(db: &impl GenericClient, id: Uuid, user_id: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/notifications/mark_read.sql");
    Ok(query::scalar(db, sql, &[&id, &user_id]).await?.unwrap_or(false))
}

/// Notes that somebody has read all up to a number; answers how many there were, piece by piece.
pub async fn mark_all_read(pool: &Pool, user_id: Uuid, up_to: i64) -> Result<u64> {
    let sql = include_str!("../../sql/queries/notifications/mark_all_read.sql");
    query::exec_in_pieces(pool, sql, &[&user_id, &up_to]).await
}

/// Removes one; says whether there was one.
pub async fn delete(db: &impl GenericClient, id: Uuid, user_id: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/notifications/delete.sql");
    Ok(query::exec(db, sql, &[&id, &user_id]).await? == 1)
}

/// The number of somebody's latest notification; 0 where there never was one.
pub async fn find_last_seq(db: &impl GenericClient, user_id: Uuid) -> Result<i64> {
    let sql = include_str!("../../sql/queries/notifications/find_last_seq.sql");
    Ok(query::scalar(db, sql, &[&user_id]).await?.unwrap_or(0))
}

/// The numbers of the latest notifications of these people; who was never notified is left out.
pub async fn heads(db: &impl GenericClient, people: &[Uuid]) -> Result<Vec<(Uuid, i64)>> {
    query::pairs(db, include_str!("../../sql/queries/notifications/heads.sql"), &[&people]).await
}

/// What these sockets were not told yet, each after its own number and up to `most` of it; nothing where the session is over.
pub async fn list_after(
    db: &impl GenericClient,
    people: &[Uuid],
    sessions: &[Uuid],
    after: &[i64],
    most: i64,
) -> Result<Vec<News>> {
    let sql = include_str!("../../sql/queries/notifications/list_after.sql");
    query::all(db, sql, &[&people, &sessions, &after, &most]).await
}

/// Those of these notifications that were read, each behind whose it is.
pub async fn list_read(db: &impl GenericClient, ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    query::pairs(db, include_str!("../../sql/queries/notifications/list_read.sql"), &[&ids]).await
}

/// Those of these notifications that are still there.
pub async fn list_there(db: &impl GenericClient, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../sql/queries/notifications/list_there.sql"), &[&ids]).await
}

/// What these people have read; who was never notified is left out.
pub async fn list_read_states(db: &impl GenericClient, people: &[Uuid]) -> Result<Vec<ReadState>> {
    query::all(db, include_str!("../../sql/queries/notifications/list_read_states.sql"), &[&people]).await
}

/// Says something to these people, in the name of somebody.
pub async fn notify_people(
    db: &impl GenericClient,
    people: &[Uuid],
    message: &str,
    sender_id: Uuid,
) -> Result<()> {
    let sql = include_str!("../../sql/queries/notifications/notify_people.sql");
    query::exec(db, sql, &[&people, &message, &sender_id]).await?;
    Ok(())
}

/// The next of all people who can be notified.
pub async fn list_people(db: &impl GenericClient, after: Uuid, most: i64) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../sql/queries/notifications/list_people.sql"), &[&after, &most]).await
}

/// How many people can be notified.
pub async fn count_people(db: &impl GenericClient) -> Result<i64> {
    let sql = include_str!("../../sql/queries/notifications/count_people.sql");
    Ok(query::scalar(db, sql, &[]).await?.unwrap_or(0))
}

/// Notes how far an announcement has got; `false` when another instance has gone on with it.
pub async fn note_progress(
    db: &impl GenericClient,
    id: Uuid,
    known: Option<&Value>,
    now: &Value,
) -> Result<bool> {
    let sql = include_str!("../../sql/queries/notifications/note_progress.sql");
    Ok(query::exec(db, sql, &[&id, &known, &now]).await? == 1)
}

/// An announcement.
pub async fn find_announcement(db: &impl GenericClient, id: Uuid) -> Result<Option<Announcement>> {
    query::opt(db, include_str!("../../sql/queries/notifications/find_announcement.sql"), &[&id]).await
}

/// Removes what was read so many days ago; answers how many.
pub async fn sweep_read(pool: &Pool, days: i32) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/notifications/sweep_read.sql"), &[&days])
        .await
}

/// Removes what nobody has read in so many days; answers how many.
pub async fn sweep_unread(pool: &Pool, days: i32) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/notifications/sweep_unread.sql"), &[&days])
        .await
}

struct Preference(String, Ways);

impl FromRow for Preference {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self(row.try_get("kind")?, Ways { live: row.try_get("live")?, push: row.try_get("push")? }))
    }
}

/// How somebody wants to be told of these kinds.
pub async fn list_preferences(
    db: &impl GenericClient,
    user_id: Uuid,
    kinds: &[&str],
) -> Result<Vec<(String, Ways)>> {
    let sql = include_str!("../../sql/queries/notification_preferences/list.sql");
    let rows: Vec<Preference> = query::all(db, sql, &[&user_id, &kinds]).await?;
    Ok(rows.into_iter().map(|Preference(kind, ways)| (kind, ways)).collect())
}

/// Changes how somebody wants to be told of these kinds; `None` stays as it is.
pub async fn set_preferences(
    db: &impl GenericClient,
    user_id: Uuid,
    kinds: &[&str],
    live: &[Option<bool>],
    push: &[Option<bool>],
) -> Result<()> {
    let sql = include_str!("../../sql/queries/notification_preferences/set.sql");
    query::exec(db, sql, &[&user_id, &kinds, &live, &push]).await?;
    Ok(())
}
