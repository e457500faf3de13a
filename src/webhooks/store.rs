//! The table `webhooks`: one function per query file.

use std::time::Duration;

use crate::db::Pool;
use uuid::Uuid;

use super::{
    model::{Due, Webhook, WebhookSort},
    refusals,
};
use crate::{
    db::{
        GenericClient,
        query::{self, Rows},
    },
    error::{OnConstraint, Result},
};

/// A webhook to add.
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct NewRow<'a> {
    pub id: Uuid,
    pub chat_id: Uuid,
    pub url: &'a str,
    pub events: &'a [String],
    pub secret: &'a [u8],
    pub created_by: Uuid,
}

/// Adds a webhook; 409 when the chat has ten, or whoever makes it a hundred.
pub async fn insert(db: &impl GenericClient, new: NewRow<'_>) -> Result<Webhook> {
    let sql = include_str!("../../sql/queries/webhooks/insert.sql");
    let NewRow { id, chat_id, url, events, secret, created_by } = new;
    query::one(db, sql, &[&id, &chat_id, &url, &events, &secret, &created_by])
        .await
        .on_constraint("webhooks_place_check", refusals::chat_is_full)
        .on_constraint("webhooks_maker_place_check", refusals::person_has_all)
}

/// The webhooks of a chat.
pub async fn list(
    db: &impl GenericClient,
    chat_id: Uuid,
    sort: WebhookSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Webhook>> {
    let sql = include_str!("../../sql/queries/webhooks/list.sql");
    query::rows(db, sql, &[&chat_id, &sort.word(), &limit, &offset]).await
}

/// How many webhooks a chat has.
pub async fn count(db: &impl GenericClient, chat_id: Uuid) -> Result<i64> {
    let sql = include_str!("../../sql/queries/webhooks/count.sql");
    Ok(query::scalar(db, sql, &[&chat_id]).await?.unwrap_or(0))
}

/// How many webhooks somebody answers for, in all chats.
pub async fn count_made(db: &impl GenericClient, created_by: Uuid) -> Result<i64> {
    let sql = include_str!("../../sql/queries/webhooks/count_made.sql");
    Ok(query::scalar(db, sql, &[&created_by]).await?.unwrap_or(0))
}

/// Switches a webhook on or off; `None` when it is not there. `user_id` answers for what they have switched on: 409 when
/// they have a hundred.
pub async fn switch(
    db: &impl GenericClient,
    chat_id: Uuid,
    id: Uuid,
    active: bool,
    user_id: Uuid,
) -> Result<Option<Webhook>> {
    let sql = include_str!("../../sql/queries/webhooks/switch.sql");
    query::opt(db, sql, &[&chat_id, &id, &active, &user_id])
        .await
        .on_constraint("webhooks_maker_place_check", refusals::person_has_all)
}

/// Removes a webhook; says whether it was there.
pub async fn delete(db: &impl GenericClient, chat_id: Uuid, id: Uuid) -> Result<bool> {
    Ok(query::exec(db, include_str!("../../sql/queries/webhooks/delete.sql"), &[&chat_id, &id]).await? == 1)
}

/// The chats that have webhooks which send.
pub async fn list_chats(db: &impl GenericClient) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../sql/queries/webhooks/list_chats.sql"), &[]).await
}

/// The chats of webhooks that have something to send, and no job that does it.
pub async fn list_behind(db: &impl GenericClient) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../sql/queries/webhooks/list_behind.sql"), &[]).await
}

/// Gives the webhooks of these chats that have something to send, and no job, a job.
pub async fn wake(db: &impl GenericClient, chat_ids: &[Uuid]) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/webhooks/wake.sql"), &[&chat_ids]).await?;
    Ok(())
}

/// The webhook, if this job is the one that sends for it.
pub async fn find_due(db: &impl GenericClient, id: Uuid, job_id: Uuid) -> Result<Option<Due>> {
    query::opt(db, include_str!("../../sql/queries/webhooks/find_due.sql"), &[&id, &job_id]).await
}

/// Moves on to `seq`, which was taken, or is not wanted; `false` when the job is no longer the one that sends.
pub async fn advance(db: &impl GenericClient, id: Uuid, job_id: Uuid, seq: i64, taken: bool) -> Result<bool> {
    let sql = include_str!("../../sql/queries/webhooks/advance.sql");
    Ok(query::exec(db, sql, &[&id, &job_id, &seq, &taken]).await? == 1)
}

/// The job lets go of the webhook.
pub async fn release(db: &impl GenericClient, id: Uuid, job_id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/webhooks/release.sql"), &[&id, &job_id]).await?;
    Ok(())
}

/// Notes that an attempt failed, and leaves the rest to a job that begins after `pause`.
pub async fn try_again(
    db: &impl GenericClient,
    id: Uuid,
    job_id: Uuid,
    error: &str,
    pause: Duration,
) -> Result<()> {
    let sql = include_str!("../../sql/queries/webhooks/try_again.sql");
    query::exec(db, sql, &[&id, &job_id, &error, &pause.as_secs_f64()]).await?;
    Ok(())
}

/// Switches a webhook off that has failed too often; `false` when the job is no longer the one that sends.
pub async fn switch_off(db: &impl GenericClient, id: Uuid, job_id: Uuid, error: &str) -> Result<bool> {
    let sql = include_str!("../../sql/queries/webhooks/switch_off.sql");
    Ok(query::exec(db, sql, &[&id, &job_id, &error]).await? == 1)
}

/// Says something in a chat, as the server.
pub async fn tell(db: &impl GenericClient, chat_id: Uuid, content: &str) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/webhooks/tell.sql"), &[&chat_id, &content]).await?;
    Ok(())
}

/// Lets go of the webhooks whose job is not there any more.
pub async fn forget_lost_jobs(db: &impl GenericClient) -> Result<u64> {
    query::exec(db, include_str!("../../sql/queries/webhooks/forget_lost_jobs.sql"), &[]).await
}

/// Removes jobs that sent something an hour ago; answers how many.
pub async fn sweep_jobs(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/webhooks/sweep_jobs.sql"), &[]).await
}
