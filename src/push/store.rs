//! The tables `push_keys`, `push_subscriptions` and `push_queue`: one function per query file.

use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    model::{Due, PushSubscriptionSort, SubscriptionRow},
    payload::Picked,
};
use crate::{
    db::{
        FromRow, GenericClient, Pool,
        query::{self, Rows},
    },
    error::Result,
};

/// The sealed key pair, if one was made.
pub async fn find_key(db: &impl GenericClient) -> Result<Option<Vec<u8>>> {
    query::scalar(db, include_str!("../../sql/queries/push_keys/find.sql"), &[]).await
}

/// Keeps a key pair, unless there is one.
pub async fn insert_key(db: &impl GenericClient, public: &str, sealed: &[u8]) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/push_keys/insert.sql"), &[&public, &sealed]).await?;
    Ok(())
}

/// A subscription to keep.
pub struct NewRow<'a> {
    pub id: Uuid,
    pub user_id: Uuid,
    pub session_id: Uuid,
    pub endpoint_hash: &'a [u8],
    pub secret: &'a [u8],
    pub user_agent: &'a str,
}

/// A subscription as it is kept, and whether it is new.
pub struct Upserted(pub SubscriptionRow, pub bool);

impl FromRow for Upserted {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self(SubscriptionRow::from_row(row)?, row.try_get("is_new")?))
    }
}

/// Keeps a subscription; one of the same device gets other keys.
pub async fn upsert(db: &impl GenericClient, new: NewRow<'_>) -> Result<Upserted> {
    let NewRow { id, user_id, session_id, endpoint_hash, secret, user_agent } = new;
    let sql = include_str!("../../sql/queries/push_subscriptions/upsert.sql");
    query::one(db, sql, &[&id, &user_id, &session_id, &endpoint_hash, &secret, &user_agent]).await
}

/// Ends the subscription that somebody else has made with the same device.
pub async fn delete_of_others(db: &impl GenericClient, endpoint_hash: &[u8], user_id: Uuid) -> Result<()> {
    let sql = include_str!("../../sql/queries/push_subscriptions/delete_of_others.sql");
    query::exec(db, sql, &[&endpoint_hash, &user_id]).await?;
    Ok(())
}

/// How many devices somebody has beside this one.
pub async fn count_others(db: &impl GenericClient, user_id: Uuid, endpoint_hash: &[u8]) -> Result<i64> {
    let sql = include_str!("../../sql/queries/push_subscriptions/count_others.sql");
    Ok(query::scalar(db, sql, &[&user_id, &endpoint_hash]).await?.unwrap_or(0))
}

/// How many somebody has.
pub async fn count(db: &impl GenericClient, user_id: Uuid) -> Result<i64> {
    let sql = include_str!("../../sql/queries/push_subscriptions/count.sql");
    Ok(query::scalar(db, sql, &[&user_id]).await?.unwrap_or(0))
}

/// Somebody's subscriptions.
pub async fn list(
    db: &impl GenericClient,
    user_id: Uuid,
    sort: PushSubscriptionSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<SubscriptionRow>> {
    let sql = include_str!("../../sql/queries/push_subscriptions/list.sql");
    query::rows(db, sql, &[&user_id, &sort.word(), &limit, &offset]).await
}

/// Ends one of somebody's; says whether there was such a one.
pub async fn delete(db: &impl GenericClient, id: Uuid, user_id: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/push_subscriptions/delete.sql");
    Ok(query::exec(db, sql, &[&id, &user_id]).await? == 1)
}

/// Ends one that takes nothing any more.
pub async fn drop(db: &impl GenericClient, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/push_subscriptions/drop.sql"), &[&id]).await?;
    Ok(())
}

/// Notes that a device has taken something.
pub async fn note_used(db: &impl GenericClient, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/push_subscriptions/note_used.sql"), &[&id]).await?;
    Ok(())
}

/// Notes that a push was given up; how many in a row that were.
pub async fn note_failure(db: &impl GenericClient, id: Uuid) -> Result<i32> {
    let sql = include_str!("../../sql/queries/push_subscriptions/note_failure.sql");
    Ok(query::scalar(db, sql, &[&id]).await?.unwrap_or(0))
}

/// Ends those whose session is over; answers how many.
pub async fn sweep(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/push_subscriptions/sweep.sql"), &[]).await
}

/// What waits for a device under this topic.
pub async fn find_due(db: &impl GenericClient, id: Uuid, topic: Uuid) -> Result<Option<Due>> {
    query::opt(db, include_str!("../../sql/queries/push_queue/find_due.sql"), &[&id, &topic]).await
}

/// It was sent, as it was in this version; `false` when more has come.
pub async fn finish(db: &impl GenericClient, id: Uuid, topic: Uuid, version: i64) -> Result<bool> {
    let sql = include_str!("../../sql/queries/push_queue/finish.sql");
    Ok(query::exec(db, sql, &[&id, &topic, &version]).await? == 1)
}

/// It could not be sent; how often that was.
pub async fn note_attempt(db: &impl GenericClient, id: Uuid, topic: Uuid) -> Result<i32> {
    let sql = include_str!("../../sql/queries/push_queue/note_attempt.sql");
    Ok(query::scalar(db, sql, &[&id, &topic]).await?.unwrap_or(0))
}

/// It is not sent any more.
pub async fn discard(db: &impl GenericClient, id: Uuid, topic: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/push_queue/discard.sql"), &[&id, &topic]).await?;
    Ok(())
}

/// The newest of these notifications that somebody is still to be told of.
pub async fn pick_notification(
    db: &impl GenericClient,
    user_id: Uuid,
    ids: &[Uuid],
) -> Result<Option<Picked>> {
    query::opt(db, include_str!("../../sql/queries/push_queue/pick_notification.sql"), &[&user_id, &ids])
        .await
}

/// The newest message of a direct chat that somebody is still to be told of.
pub async fn pick_direct(db: &impl GenericClient, user_id: Uuid, chat_id: Uuid) -> Result<Option<Picked>> {
    let sql = include_str!("../../sql/queries/push_queue/pick_direct.sql");
    let rows = query::raw(db, sql, &[&user_id, &chat_id]).await?;
    rows.first().map(|row| Picked::direct(row, chat_id)).transpose()
}

/// Gives what waits without a job another one; answers how many.
pub async fn requeue_lost(db: &impl GenericClient) -> Result<u64> {
    query::exec(db, include_str!("../../sql/queries/push_queue/requeue_lost.sql"), &[]).await
}

/// Removes the jobs that sent something an hour ago; answers how many.
pub async fn sweep_jobs(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/push_queue/sweep_jobs.sql"), &[]).await
}
