//! Sending what waits for a device, and looking after what was forgotten.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    delivery::{self, Outcome},
    model::{Device, Due, beginning, purpose},
    payload::Picked,
    store,
};
use crate::{
    app::App,
    error::{Error, Result},
    jobs::{Job, put_off},
    telemetry::metrics::names,
};

/// The task that sends. Statements know it by the same word.
pub const TASK: &str = "send_push";
/// How long one waits, and up to half as long again, whose person has all the deliveries they may.
const WAIT: Duration = Duration::from_secs(1);
/// How often one push is tried: about twenty minutes, with these pauses between.
const ATTEMPTS: i32 = 10;
/// The pause after the first failure; it doubles with each.
const PAUSE: Duration = Duration::from_secs(2);
/// How many pushes in a row may be given up before nobody believes in the device any more.
const FAILURES: i32 = 5;

/// What the job is done with.
#[derive(Deserialize)]
struct Args {
    subscription_id: Uuid,
    topic: Uuid,
}

/// Sends what waits for a device under a topic, until nothing more has come meanwhile.
pub async fn send(app: &App, job: Job) -> Result<Value> {
    let Args { subscription_id: id, topic } = serde_json::from_value(job.args).map_err(Error::internal)?;
    let mut sent = 0;
    loop {
        let Some(due) = store::find_due(&*app.spare_db().await?, id, topic).await? else { break };
        if !due.is_signed_in {
            return end(app, id, "signed_out").await;
        }
        let picked = if due.is_away && !due.is_old { pick(app, &due).await? } else { None };
        if let Some(picked) = picked {
            let Some(_place) = app.limits.take_delivery(due.user_id) else {
                return Err(put_off(a_while(WAIT)));
            };
            let Some(device) = open(app, &due) else { return end(app, id, "unreadable").await };
            match delivery::send(app, &device, topic, &picked).await? {
                Outcome::Taken => {
                    count("sent");
                    store::note_used(&*app.spare_db().await?, id).await?;
                    sent += 1;
                }
                Outcome::Gone => return end(app, id, "gone").await,
                Outcome::Failed(reason) => return fail(app, id, topic, &reason).await,
            }
        }
        if store::finish(&*app.spare_db().await?, id, topic, due.version).await? {
            break;
        }
    }
    Ok(json!({"sent": sent}))
}

fn open(app: &App, due: &Due) -> Option<Device> {
    let plain = app.keyring.open_or_report(&purpose(beginning(&due.endpoint_hash)), &due.secret)?;
    serde_json::from_slice(&plain).ok()
}

/// What there is to say at this moment.
async fn pick(app: &App, due: &Due) -> Result<Option<Picked>> {
    let db = app.spare_db().await?;
    if !due.notification_ids.is_empty()
        && let Some(picked) = store::pick_notification(&*db, due.user_id, &due.notification_ids).await?
    {
        return Ok(Some(picked));
    }
    match due.chat_id {
        Some(chat_id) => store::pick_direct(&*db, due.user_id, chat_id).await,
        None => Ok(None),
    }
}

/// The device takes nothing any more: its subscription ends, and with it whatever waits.
async fn end(app: &App, id: Uuid, why: &'static str) -> Result<Value> {
    count("dropped");
    store::drop(&*app.spare_db().await?, id).await?;
    Ok(json!({"ended": why}))
}

/// It was not taken: it is tried again later, or given up; and at last the device is.
async fn fail(app: &App, id: Uuid, topic: Uuid, reason: &str) -> Result<Value> {
    count("failed");
    let db = app.spare_db().await?;
    let attempts = store::note_attempt(&*db, id, topic).await?;
    if attempts < ATTEMPTS {
        tracing::debug!(%id, attempts, reason, "a push was not taken");
        return Err(put_off(a_while(PAUSE * 2_u32.pow(attempts.clamp(1, 16).unsigned_abs() - 1))));
    }
    store::discard(&*db, id, topic).await?;
    let failures = store::note_failure(&*db, id).await?;
    drop(db);
    if failures >= FAILURES {
        return end(app, id, "failed").await;
    }
    Ok(json!({"failed": reason}))
}

fn count(outcome: &'static str) {
    metrics::counter!(names::PUSH_REQUESTS, "outcome" => outcome).increment(1);
}

/// Up to half as long again: what went wrong together is not tried together.
fn a_while(least: Duration) -> Duration {
    least.mul_f64(rand::random_range(1.0..1.5))
}

/// Ends the subscriptions of sessions that are over, gives what waits without a job another one, and removes the jobs that are done;
/// answers how many subscriptions ended.
pub async fn look_after(app: &App) -> Result<u64> {
    let ended = store::sweep(&app.pool).await?;
    store::requeue_lost(&*app.spare_db().await?).await?;
    store::sweep_jobs(&app.pool).await?;
    Ok(ended)
}
