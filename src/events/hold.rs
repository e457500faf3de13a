//! Writing something that concerns an event: its lock, in one transaction that names who acts.
//!
//! Locks are taken in one order everywhere, so that nobody waits for somebody who waits for them: people by their ids, then the
//! event, then its chat, and then what hangs on them (`sql/README.md`).

use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use tokio::time::timeout;
use uuid::Uuid;

use super::{model::EventRow, rights::no_such_event, store};
use crate::{
    app::App,
    db::{
        Transaction,
        query::{begin_as, set_statement_timeout},
    },
    error::{Code, Error, Result},
    http::Caller,
    users,
};

/// How long a writer waits for an event that somebody else holds.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Does something with an event, in one transaction, while nobody else writes to it; what fails leaves no trace. The caller is
/// locked first, so that what they have and may have is counted right. 404 when there is no such event, 503 when somebody else has
/// held it for five seconds.
///
/// An event that is free is entered at once. Of those who must wait only a few do so with a connection in hand, so that one
/// open transaction in psql does not take every connection of the pool.
pub async fn with<T>(
    app: &App,
    caller: Caller,
    id: Uuid,
    work: impl for<'a> FnOnce(&'a Transaction<'_>, EventRow) -> BoxFuture<'a, Result<T>>,
) -> Result<T> {
    let begun = Instant::now();
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    lock_caller(&transaction, caller).await?;
    if store::lock_free(&transaction, id).await? {
        // Asked after the lock: what was changed by who held it before counts.
        let event = store::find(&transaction, id, caller.user_id).await?.ok_or_else(no_such_event)?;
        let answer = work(&transaction, event).await?;
        transaction.commit().await?;
        return Ok(answer);
    }
    store::find(&transaction, id, caller.user_id).await?.ok_or_else(no_such_event)?;
    transaction.rollback().await?;
    drop(db);

    let held = |_| Error::unavailable("somebody else is writing to this event; try again", 1);
    let _permit =
        timeout(TIMEOUT.saturating_sub(begun.elapsed()), app.waiting.acquire()).await.map_err(held)?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    // Not the lock timeout: behind another who waits, PostgreSQL counts it twice.
    let patience = TIMEOUT.saturating_sub(begun.elapsed()).max(Duration::from_millis(50));
    set_statement_timeout(&transaction, patience).await?;
    lock_caller(&transaction, caller).await?;
    store::lock(&transaction, id).await?;
    let event = store::find(&transaction, id, caller.user_id).await?.ok_or_else(no_such_event)?;
    let answer = work(&transaction, event).await?;
    transaction.commit().await?;
    Ok(answer)
}

/// Somebody who was erased a moment ago does nothing any more.
async fn lock_caller(db: &Transaction<'_>, caller: Caller) -> Result<()> {
    if users::store::lock(db, caller.user_id).await? {
        return Ok(());
    }
    Err(Error::new(Code::NotSignedIn, "this account is gone"))
}
