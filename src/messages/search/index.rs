//! How the index is written: behind the messages, a few runs at a time.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{grams, store};
use crate::{
    app::App,
    chats,
    db::query::set_lock_timeout,
    error::{Code, Result},
    jobs::{Job, put_off},
    time::Timestamp,
};

/// Chats that are asked for at once.
const ROUND: i64 = 200;

/// Runs that are written in one transaction: two thousand entries, each of which may hold sixteen kilobytes of words.
const PIECE: i64 = 64;

/// How long to rest between pieces, in times of what the piece took: nobody waits for the index, so people come first.
const PAUSE: u32 = 2;

/// How long a chat that somebody else holds is waited for before it is left for the next round.
const LOCK: Duration = Duration::from_secs(1);

/// How long until the next round: with the time that a round takes, the index is less than ten seconds behind.
const NEXT: Duration = Duration::from_secs(4);
/// For how long one job goes on: then the next is queued.
const ALL: TimeDelta = TimeDelta::seconds(55);

/// Brings the index up to date; answers how many runs were written. The job of it is put off for some seconds, again and again
/// until it is a minute old, whether or not there was something to write: people may begin to talk at any time.
pub async fn follow(app: &App, job: &Job) -> Result<u64> {
    let written = refresh(app).await?;
    if Timestamp::now().0 - job.created_at.0 < ALL { Err(put_off(NEXT)) } else { Ok(written) }
}

/// Brings the index up to date; answers how many runs were written. Safe on several instances at once. Chats are locked
/// while their runs are laid out, which takes a millisecond, and not while they are written; one that somebody else
/// holds for long is left for the next time.
pub async fn refresh(app: &App) -> Result<u64> {
    let mut after = Uuid::nil();
    loop {
        let behind = store::list_behind(&app.db().await?, after, ROUND).await?;
        let Some(last) = behind.last() else { break };
        after = *last;
        let free = grow_free(app, &behind).await?;
        for chat_id in behind.iter().filter(|id| !free.contains(id)) {
            match grow(app, *chat_id).await {
                Err(error) if matches!(error.code(), Code::NotReady | Code::OutcomeUnknown) => {}
                outcome => outcome?,
            }
        }
    }
    let mut written = 0;
    loop {
        let begun = Instant::now();
        match mend(app).await? {
            0 => break,
            runs => written += runs,
        }
        sleep(begun.elapsed() * PAUSE).await;
    }
    if written > 0 {
        store::merge(&app.db().await?).await?;
    }
    Ok(written)
}

/// Lays out the runs of what was said in chats since the last time, in those that nobody holds; says in which.
async fn grow_free(app: &App, chat_ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut db = app.db().await?;
    let transaction = db.transaction().await?;
    let free = chats::store::lock_free(&transaction, chat_ids).await?;
    store::grow(&transaction, &free).await?;
    transaction.commit().await?;
    Ok(free)
}

/// The same for one chat, waiting for whoever holds it.
async fn grow(app: &App, chat_id: Uuid) -> Result<()> {
    let mut db = app.db().await?;
    let transaction = db.transaction().await?;
    set_lock_timeout(&transaction, LOCK).await?;
    chats::store::lock(&transaction, chat_id).await?;
    store::grow(&transaction, &[chat_id]).await?;
    transaction.commit().await
}

/// Writes runs that are stale; answers how many. They are held before they are read: whoever changes a message of one has
/// either committed by then, or waits, and makes it stale again.
async fn mend(app: &App) -> Result<u64> {
    let mut db = app.db().await?;
    let transaction = db.transaction().await?;
    let stale = store::take_stale(&transaction, PIECE).await?;
    for held in store::contents(&transaction, &stale).await? {
        let grams = grams::of_texts(held.contents.iter().map(String::as_str), &held.mentioned);
        let grams: Vec<_> = grams.into_iter().map(|gram| held.salt | gram).collect();
        store::write(&transaction, &held, &grams).await?;
    }
    transaction.commit().await?;
    Ok(stale.len() as u64)
}
