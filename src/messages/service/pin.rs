//! Pins: what the creator and admins of a chat keep in sight.

use futures_util::TryStreamExt;
use uuid::Uuid;

use super::find_in;
use crate::{
    app::App,
    chats::{Action, access, hold},
    error::Result,
    http::{Caller, List, Wanted},
    messages::{model::PinnedMessage, store},
};

/// Pins a message; one that is pinned stays as it is.
pub async fn pin(app: &App, caller: Caller, chat_id: Uuid, id: Uuid) -> Result<()> {
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::Pin)?;
            find_in(db, chat_id, id).await?.message.stands()?;
            store::pin(db, chat_id, id, caller.user_id).await
        })
    })
    .await
}

/// Unpins a message; one that is not pinned is fine.
pub async fn unpin(app: &App, caller: Caller, chat_id: Uuid, id: Uuid) -> Result<()> {
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::Pin)?;
            find_in(db, chat_id, id).await?;
            store::unpin(db, chat_id, id).await
        })
    })
    .await
}

/// The pinned messages of a chat.
pub async fn list_pins(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    sort: &str,
    wanted: Wanted,
) -> Result<List<PinnedMessage>> {
    let db = app.db().await?;
    access::enter(&db, chat_id, caller.user_id).await?;
    let public_url = app.public_url();
    let rows = store::list_pins(&db, chat_id, sort, wanted.limit(), wanted.offset()).await?;
    let items = rows.map_ok(move |row| row.view(&public_url));
    wanted.answer(Box::pin(items), store::count_pins(&db, chat_id)).await
}
