//! Read marks: how far each member has got.

use uuid::Uuid;

use crate::{
    app::App,
    chats::{self, Action, access},
    ephemeral::EphemeralEvent,
    error::Result,
    http::{Caller, List, Wanted},
    messages::{model::ReadMark, store},
    validate::Checks,
};

/// Moves the caller's read mark to an entry, or to the end if that is before it; never back. Answers where it is now if
/// it moved.
pub async fn mark_read(app: &App, caller: Caller, chat_id: Uuid, seq: i64) -> Result<Option<i64>> {
    Checks::new().that(seq >= 0, "seq", "must be a whole number from 0").done()?;
    let db = app.db().await?;
    let access = access::enter(&db, chat_id, caller.user_id).await?;
    access.may(Action::TakePart)?;
    let moved = store::mark_read(&db, chat_id, caller.user_id, seq).await?;
    // Where one has blocked the other, neither is shown that the other is there.
    if let Some(seq) = moved
        && access.require_posting().is_ok()
    {
        app.events.post(EphemeralEvent::Read(chat_id, caller.user_id, seq));
    }
    Ok(moved)
}

/// How far the members of a chat have read.
pub async fn list_reads(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    sort: &str,
    wanted: Wanted,
) -> Result<List<ReadMark>> {
    let db = app.db().await?;
    access::enter(&db, chat_id, caller.user_id).await?;
    let rows = store::list_reads(&db, chat_id, sort, wanted.limit(), wanted.offset()).await?;
    wanted.answer(rows, chats::store::count_members(&db, chat_id)).await
}
