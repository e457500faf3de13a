//! Muting a chat: no notification and no push from there, for oneself alone.

use uuid::Uuid;

use crate::{
    app::App,
    chats::{
        Action, access,
        model::mute::{Mute, NewMute},
        store,
    },
    error::{Error, OnConstraint, Result},
    http::Caller,
    time::Timestamp,
};

/// Mutes a chat for the caller; one that is muted gets another end.
pub async fn mute(app: &App, caller: Caller, chat_id: Uuid, new: &NewMute) -> Result<()> {
    let db = app.db().await?;
    access::enter(&db, chat_id, caller.user_id).await?.may(Action::Read)?;
    if new.until.is_some_and(|until| until <= Timestamp::now()) {
        return Err(Error::invalid_field("until", "must be in the future, or left out"));
    }
    store::set_mute(&db, caller.user_id, chat_id, new.until)
        .await
        .on_constraint("chat_mutes_chat_id_fkey", || Error::not_found("chat"))
}

/// Hears of a chat again; fine where it was not muted.
pub async fn unmute(app: &App, caller: Caller, chat_id: Uuid) -> Result<()> {
    let db = app.db().await?;
    access::enter(&db, chat_id, caller.user_id).await?.may(Action::Read)?;
    store::delete_mute(&db, caller.user_id, chat_id).await
}

/// Whether the caller has muted a chat.
pub async fn get(app: &App, caller: Caller, chat_id: Uuid) -> Result<Mute> {
    let db = app.db().await?;
    access::enter(&db, chat_id, caller.user_id).await?.may(Action::Read)?;
    let known = store::find_mute(&db, caller.user_id, chat_id).await?;
    Ok(known.unwrap_or(Mute { muted: false, until: None, since: None }))
}
