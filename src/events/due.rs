//! What has its time: a hold that runs out is the next one's, and people are reminded of what begins soon.
//!
//! Every instance knows when the next of these is due, and sleeps until then; whoever writes something sooner notifies. Which instance
//! does it decides the lock of the event: it is done once, and what one that dies has begun is done by another.

use std::time::Duration;

use tokio::time::timeout;
use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    db::query::{Actor, begin_as},
    error::Result,
    time::pause_until,
};

/// The poll interval when nothing is known to be due: a notification may be lost, and the clock may jump.
const POLL: Duration = Duration::from_secs(5);
/// The poll interval when something is due and somebody else holds its event.
const AGAIN: Duration = Duration::from_millis(100);

/// Whether a payload is a notification that something may be due sooner than was known.
pub fn is_notification(payload: &str) -> bool {
    payload == "e due"
}

/// Does each thing when its time has come, for as long as the program runs.
pub async fn run(app: App) {
    loop {
        let next = round(&app).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "what is due of events could not be done; trying again");
            POLL
        });
        let _ = timeout(next.min(POLL), app.places_due.notified()).await;
    }
}

/// Does what is due; how long there is nothing more to do. While nothing is due, one question tells it.
async fn round(app: &App) -> Result<Duration> {
    let seconds = store::seconds_to_next(&*app.spare_db().await?).await?;
    Ok(match seconds {
        Some(seconds) if seconds > 0.0 => pause_until(seconds),
        Some(_) if run_due(app).await? > 0 => Duration::ZERO,
        Some(_) => AGAIN,
        None => POLL,
    })
}

/// Ends the holds that have run out, and reminds of what begins soon; answers how many of these there were.
pub async fn run_due(app: &App) -> Result<u64> {
    let mut done = 0;
    for id in store::list_due(&*app.spare_db().await?).await? {
        match release(app, id).await {
            Ok(released) => done += u64::from(released),
            // The others do not wait for it.
            Err(error) => tracing::debug!(%error, event = %id, "holds could not be ended; trying again"),
        }
    }
    // One a transaction: however many hear of it, they are told of nothing else meanwhile.
    while store::remind(&*app.spare_db().await?).await? {
        done += 1;
    }
    Ok(done)
}

/// People hear of the next holds in the same transaction. An event that somebody else holds has its turn a moment later.
async fn release(app: &App, id: Uuid) -> Result<u32> {
    let mut db = app.spare_db().await?;
    let transaction = begin_as(&mut db, Actor { user_id: None, address: None }).await?;
    if !store::lock_free(&transaction, id).await? {
        return Ok(0);
    }
    let released = store::release_holds(&transaction, id).await?;
    transaction.commit().await?;
    Ok(released.unsigned_abs())
}
