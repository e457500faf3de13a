//! Sending what is new, entry by entry, and looking after those that were forgotten.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;
use uuid::Uuid;

use super::{delivery::Sender, model::Due, store};
use crate::{
    app::App,
    chats,
    db::query::set_lock_timeout,
    error::{Error, Result},
    jobs::{Job, put_off},
    messages,
};

/// The task that sends. Statements know it by the same word.
pub const TASK: &str = "deliver_webhook";
/// How many webhooks an instance sends for at once: each costs it an open socket and a page of a log. Of those that one
/// person answers for, an eighth ([`crate::limits`]).
pub const CONCURRENCY: usize = 64;

/// How many entries are read at once, and for how long they are as they were read: what is recalled meanwhile is not to
/// be told any more.
const PAGE: i64 = 20;
const FRESH: Duration = Duration::from_secs(1);
/// How long one job sends before it is queued again, behind others that wait for a worker.
const TURN: Duration = Duration::from_secs(5);
/// How long one waits, and up to half as long again, whose person has all the deliveries they may.
const WAIT: Duration = Duration::from_secs(1);
/// The attempts that may fail in a row: about a day, with these pauses between them.
const ATTEMPTS: i32 = 20;
/// The pause after the first failure; it doubles with each.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(3 * 3600);

/// How long switching off waits for a chat that somebody else holds, before it is tried again.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Sends what a webhook lacks, for as long as the job is the one that does; answers how much it was.
pub async fn deliver(app: &App, job: &Job) -> Result<Value> {
    let id = job.args["webhook_id"].as_str().and_then(|id| id.parse().ok());
    let id: Uuid = id.ok_or_else(|| Error::invalid_field("webhook_id", "must be a UUID"))?;
    let Some(mut due) = store::find_due(&*app.spare_db().await?, id, job.id).await? else {
        return Ok(json!({"delivered": 0}));
    };
    let holder = due.holder();
    let Some(_place) = app.limits.take_delivery(holder) else { return Err(put_off(a_while(WAIT))) };
    let (begun, mut delivered) = (Instant::now(), 0);
    loop {
        if due.delivered_seq >= due.last_seq {
            return release(app, &due, job.id, delivered).await;
        }
        if begun.elapsed() >= TURN {
            // Another of the same person that was refused meanwhile tries again before this one does.
            return match app.limits.has_refused_delivery(holder, begun.into_std()) {
                true => Err(put_off(a_while(WAIT * 2))),
                false => release(app, &due, job.id, delivered).await,
            };
        }
        if let Err(reason) = send_page(app, &mut due, job.id, begun + TURN, &mut delivered).await? {
            fail(app, &due, job.id, &reason).await?;
            return Ok(json!({"delivered": delivered, "failed": reason}));
        }
        let Some(now) = store::find_due(&*app.spare_db().await?, id, job.id).await? else {
            return Ok(json!({"delivered": delivered}));
        };
        due = now;
    }
}

/// Lets go, and only then looks for what came while it did: who wanted to wake it meanwhile has passed it over.
async fn release(app: &App, due: &Due, job_id: Uuid, delivered: u64) -> Result<Value> {
    let db = app.spare_db().await?;
    store::release(&*db, due.id, job_id).await?;
    store::wake(&*db, &[due.chat_id]).await?;
    Ok(json!({"delivered": delivered}))
}

/// Sends the next entries; the reason when one was not taken. While a request is under way no connection is held.
async fn send_page(
    app: &App,
    due: &mut Due,
    job_id: Uuid,
    until: Instant,
    delivered: &mut u64,
) -> Result<std::result::Result<(), String>> {
    let sender = match Sender::new(app, due) {
        Ok(sender) => sender,
        Err(reason) => return Ok(Err(reason)),
    };
    let page =
        messages::store::list_after(&*app.spare_db().await?, due.chat_id, due.delivered_seq, PAGE).await?;
    let (read, public_url) = (Instant::now(), app.public_url());
    // Passed over, and not yet written down. A retention may have removed all that was there: then it is the end.
    let mut passed = if page.is_empty() { Some(due.last_seq) } else { None };
    for row in page {
        if read.elapsed() > FRESH || Instant::now() > until {
            break;
        }
        let entry = row.view(&public_url)?;
        if !sender.wants(&entry.kind) {
            passed = Some(entry.seq);
            continue;
        }
        if let Err(reason) = sender.send(app, &entry).await {
            return Ok(Err(reason));
        }
        passed = None;
        if !store::advance(&*app.spare_db().await?, due.id, job_id, entry.seq, true).await? {
            break;
        }
        due.failures = 0;
        *delivered += 1;
    }
    if let Some(seq) = passed {
        store::advance(&*app.spare_db().await?, due.id, job_id, seq, false).await?;
    }
    Ok(Ok(()))
}

/// Notes that an entry was not taken: it is sent again later, or the webhook is switched off and the chat is told.
async fn fail(app: &App, due: &Due, job_id: Uuid, reason: &str) -> Result<()> {
    let (webhook_id, chat_id, failures) = (due.id, due.chat_id, due.failures + 1);
    if failures < ATTEMPTS {
        tracing::debug!(%webhook_id, %chat_id, failures, reason, "a webhook delivery failed");
        return store::try_again(&*app.spare_db().await?, due.id, job_id, reason, pause_after(failures))
            .await;
    }
    let mut db = app.spare_db().await?;
    let transaction = db.transaction().await?;
    set_lock_timeout(&transaction, TIMEOUT).await?;
    // The chat before the webhook, as everybody does who changes both.
    chats::store::lock(&transaction, chat_id).await?;
    if store::switch_off(&transaction, due.id, job_id, reason).await? {
        let notice = format!(
            "The webhook {webhook_id} of this chat was switched off: {failures} attempts in a row have failed. \
             The list of webhooks says why."
        );
        store::tell(&transaction, chat_id, &notice).await?;
    }
    transaction.commit().await?;
    tracing::warn!(%webhook_id, %chat_id, failures, reason, "a webhook was switched off");
    Ok(())
}

/// Doubles with each failure.
fn pause_after(failures: i32) -> Duration {
    let doublings = u32::try_from(failures.saturating_sub(1)).unwrap_or(0).min(16);
    a_while((PAUSE * 2_u32.pow(doublings)).min(LONGEST_PAUSE))
}

/// Up to half as long again: what went wrong together is not tried together.
fn a_while(least: Duration) -> Duration {
    least.mul_f64(rand::random_range(1.0..1.5))
}

/// Wakes what has been behind since a notification was lost, and what waits for a job that is lost; removes the jobs that
/// are done. Answers how many chats were behind.
pub async fn look_after(app: &App) -> Result<u64> {
    let db = app.db().await?;
    store::forget_lost_jobs(&db).await?;
    let behind = store::list_behind(&db).await?;
    for some in behind.chunks(1_000) {
        store::wake(&db, some).await?;
    }
    drop(db);
    store::sweep_jobs(&app.pool).await?;
    Ok(behind.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_attempts_take_about_a_day() {
        let least: f64 = (1..ATTEMPTS).map(|failures| pause_after(failures).as_secs_f64()).sum();
        assert!((20.0..31.0).contains(&(least / 3600.0)), "{least}");
        assert!((1.0..1.5).contains(&pause_after(1).as_secs_f64()));
    }
}
