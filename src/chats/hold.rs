//! Writing to a chat: its lock, in one transaction that names who acts.
//!
//! Locks are taken in one order everywhere, so that nobody waits for somebody who waits for them: people by their ids, chats by
//! their ids, and then what hangs on them (`sql/README.md`). Who is suspended or deleted is locked before their chats are; so
//! whoever makes a member or a webhook locks the person first, too.

use std::time::{Duration, Instant};

use crate::db::Transaction;
use futures_util::future::BoxFuture;
use tokio::time::timeout;
use uuid::Uuid;

use super::{access, model::Access, store};
use crate::{
    app::App,
    db::query::{begin_as, set_statement_timeout},
    error::{Error, Result},
    http::Caller,
    users,
};

/// How long a writer waits for a chat that somebody else holds.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Does something in a chat that the caller may enter, in one transaction, while nobody else writes to it; what fails
/// leaves no trace. 404 for strangers, 503 when somebody else has held the chat for five seconds.
///
/// A chat that is free is entered at once. Of those who must wait only a few do so with a connection in hand, so that
/// one open transaction in psql does not take every connection of the pool.
pub async fn with<T>(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    work: impl for<'a> FnOnce(&'a Transaction<'_>, Access) -> BoxFuture<'a, Result<T>>,
) -> Result<T> {
    hold(app, caller, chat_id, First::Nobody, Access::may_enter, work).await
}

/// The same for work that writes something that hangs on a person, too.
pub async fn with_person<T>(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    first: First,
    work: impl for<'a> FnOnce(&'a Transaction<'_>, Access) -> BoxFuture<'a, Result<T>>,
) -> Result<T> {
    hold(app, caller, chat_id, first, Access::may_enter, work).await
}

/// Who is locked before the chat.
#[derive(Debug, Clone, Copy)]
pub enum First {
    /// Nobody.
    Nobody,
    /// This person may not be deleted meanwhile.
    Keep(Uuid),
    /// This person may not be changed meanwhile.
    Lock(Uuid),
}

impl First {
    async fn lock(self, db: &Transaction<'_>) -> Result<()> {
        match self {
            Self::Nobody => {}
            Self::Keep(id) => _ = users::store::keep(db, id).await?,
            Self::Lock(id) => _ = users::store::lock(db, id).await?,
        }
        Ok(())
    }
}

/// The same for someone who was invited: they come in where they are strangers. That the invite is good is for `work` to see.
pub async fn with_invite<T>(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    work: impl for<'a> FnOnce(&'a Transaction<'_>, Access) -> BoxFuture<'a, Result<T>>,
) -> Result<T> {
    hold(app, caller, chat_id, First::Keep(caller.user_id), |_| true, work).await
}

async fn hold<T>(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    first: First,
    lets_in: impl Fn(&Access) -> bool,
    work: impl for<'a> FnOnce(&'a Transaction<'_>, Access) -> BoxFuture<'a, Result<T>>,
) -> Result<T> {
    let begun = Instant::now();
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    first.lock(&transaction).await?;
    if !store::lock_free(&transaction, &[chat_id]).await?.is_empty() {
        // Asked after the lock: what was changed by who held it before counts.
        let access = access::enter_if(&transaction, chat_id, caller.user_id, &lets_in).await?;
        let answer = work(&transaction, access).await?;
        transaction.commit().await?;
        return Ok(answer);
    }
    // A stranger is told at once: how long it takes would say that there is a chat.
    access::enter_if(&transaction, chat_id, caller.user_id, &lets_in).await?;
    transaction.rollback().await?;
    drop(db);

    let held = |_| Error::unavailable("somebody else is writing to this chat; try again", 1);
    let _permit =
        timeout(TIMEOUT.saturating_sub(begun.elapsed()), app.waiting.acquire()).await.map_err(held)?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    // Not the lock timeout: behind another who waits, PostgreSQL counts it twice.
    let patience = TIMEOUT.saturating_sub(begun.elapsed()).max(Duration::from_millis(50));
    set_statement_timeout(&transaction, patience).await?;
    first.lock(&transaction).await?;
    store::lock(&transaction, chat_id).await?;
    let access = access::enter_if(&transaction, chat_id, caller.user_id, &lets_in).await?;
    let answer = work(&transaction, access).await?;
    transaction.commit().await?;
    Ok(answer)
}
