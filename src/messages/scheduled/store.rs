//! The table `scheduled_messages`: one function per query file.

use std::time::Duration;

use uuid::Uuid;

use super::model::{ScheduledRow, ScheduledSort};
use crate::{
    db::{
        GenericClient, Pool,
        query::{self, Rows},
    },
    error::Result,
    time::Timestamp,
};

/// A scheduled message to add.
pub struct NewRow<'a> {
    pub id: Uuid,
    pub user_id: Uuid,
    pub chat_id: Uuid,
    pub client_id: &'a str,
    pub content: Option<&'a str>,
    pub reply_to: Option<Uuid>,
    pub attachments: &'a [Uuid],
    pub send_at: Timestamp,
}

/// Adds a scheduled message.
pub async fn insert(db: &impl GenericClient, new: NewRow<'_>) -> Result<ScheduledRow> {
    let sql = include_str!("../../../sql/queries/scheduled_messages/insert.sql");
    let NewRow { id, user_id, chat_id, client_id, content, reply_to, attachments, send_at } = new;
    query::one(db, sql, &[&id, &user_id, &chat_id, &client_id, &content, &reply_to, &attachments, &send_at])
        .await
}

/// Removes what failed under this name.
pub async fn discard_failed(
    db: &impl GenericClient,
    user_id: Uuid,
    chat_id: Uuid,
    client_id: &str,
) -> Result<()> {
    let sql = include_str!("../../../sql/queries/scheduled_messages/discard_failed.sql");
    query::exec(db, sql, &[&user_id, &chat_id, &client_id]).await?;
    Ok(())
}

/// What waits under this name.
pub async fn find(
    db: &impl GenericClient,
    user_id: Uuid,
    chat_id: Uuid,
    client_id: &str,
) -> Result<Option<ScheduledRow>> {
    let sql = include_str!("../../../sql/queries/scheduled_messages/find.sql");
    query::opt(db, sql, &[&user_id, &chat_id, &client_id]).await
}

/// Somebody's scheduled messages, of one chat or all.
pub async fn list(
    db: &impl GenericClient,
    user_id: Uuid,
    chat_id: Option<Uuid>,
    sort: ScheduledSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<ScheduledRow>> {
    let sql = include_str!("../../../sql/queries/scheduled_messages/list.sql");
    query::rows(db, sql, &[&user_id, &chat_id, &sort.word(), &limit, &offset]).await
}

/// How many those are.
pub async fn count(db: &impl GenericClient, user_id: Uuid, chat_id: Option<Uuid>) -> Result<i64> {
    let sql = include_str!("../../../sql/queries/scheduled_messages/count.sql");
    Ok(query::scalar(db, sql, &[&user_id, &chat_id]).await?.unwrap_or(0))
}

/// How many of somebody's wait.
pub async fn count_waiting(db: &impl GenericClient, user_id: Uuid) -> Result<i64> {
    let sql = include_str!("../../../sql/queries/scheduled_messages/count_waiting.sql");
    Ok(query::scalar(db, sql, &[&user_id]).await?.unwrap_or(0))
}

/// How many of these files are somebody's, and in no message.
pub async fn count_loose(db: &impl GenericClient, ids: &[Uuid], owner_id: Uuid) -> Result<i64> {
    let sql = include_str!("../../../sql/queries/scheduled_messages/count_loose.sql");
    Ok(query::scalar(db, sql, &[&ids, &owner_id]).await?.unwrap_or(0))
}

/// Takes one back that is not being sent; says whether there was such a one.
pub async fn delete(db: &impl GenericClient, id: Uuid, user_id: Uuid) -> Result<bool> {
    let sql = include_str!("../../../sql/queries/scheduled_messages/delete.sql");
    Ok(query::exec(db, sql, &[&id, &user_id]).await? == 1)
}

/// Whether somebody has this one.
pub async fn exists(db: &impl GenericClient, id: Uuid, user_id: Uuid) -> Result<bool> {
    let sql = include_str!("../../../sql/queries/scheduled_messages/exists.sql");
    Ok(query::scalar(db, sql, &[&id, &user_id]).await?.unwrap_or(false))
}

/// Takes up to `most` whose time has come, for as long as `lease` says.
pub async fn take(db: &impl GenericClient, most: i64, lease: Duration) -> Result<Vec<ScheduledRow>> {
    let sql = include_str!("../../../sql/queries/scheduled_messages/take.sql");
    query::all(db, sql, &[&most, &lease.as_secs_f64()]).await
}

/// Whether somebody is there and not suspended.
pub async fn is_active(db: &impl GenericClient, user_id: Uuid) -> Result<bool> {
    let sql = include_str!("../../../sql/queries/scheduled_messages/is_active.sql");
    Ok(query::scalar(db, sql, &[&user_id]).await?.unwrap_or(false))
}

/// In how many seconds there is something to send; `None` when nothing waits.
pub async fn seconds_to_next(db: &impl GenericClient) -> Result<Option<f64>> {
    let sql = include_str!("../../../sql/queries/scheduled_messages/seconds_to_next.sql");
    query::scalar(db, sql, &[]).await.map(Option::flatten)
}

/// It has been sent.
pub async fn finish(db: &impl GenericClient, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../../sql/queries/scheduled_messages/finish.sql"), &[&id]).await?;
    Ok(())
}

/// It will not be sent, for this reason, unless it was; its sender is notified.
pub async fn fail(db: &impl GenericClient, id: Uuid, reason: &str) -> Result<()> {
    let sql = include_str!("../../../sql/queries/scheduled_messages/fail.sql");
    query::exec(db, sql, &[&id, &reason]).await?;
    Ok(())
}

/// It is tried again after `pause`.
pub async fn put_off(db: &impl GenericClient, id: Uuid, pause: Duration) -> Result<()> {
    let sql = include_str!("../../../sql/queries/scheduled_messages/put_off.sql");
    query::exec(db, sql, &[&id, &pause.as_secs_f64()]).await?;
    Ok(())
}

/// Removes what was not sent a week ago; answers how many.
pub async fn sweep(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../../sql/queries/scheduled_messages/sweep.sql"), &[]).await
}
