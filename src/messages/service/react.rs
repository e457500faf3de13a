//! Reactions: one emoji of one person at one message.

use uuid::Uuid;

use super::find_in;
use crate::{
    app::App,
    chats::{Action, hold},
    error::{Error, Result},
    http::Caller,
    messages::{emoji, store},
};

/// Reacts to a message, as a member; the same again changes nothing.
pub async fn react(app: &App, caller: Caller, chat_id: Uuid, id: Uuid, emoji: String) -> Result<()> {
    check(&emoji)?;
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::TakePart)?;
            access.speak()?;
            find_in(db, chat_id, id).await?.message.stands()?;
            store::react(db, chat_id, id, caller.user_id, &emoji).await
        })
    })
    .await
}

/// Takes a reaction back; none there is fine.
pub async fn unreact(app: &App, caller: Caller, chat_id: Uuid, id: Uuid, emoji: String) -> Result<()> {
    check(&emoji)?;
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::TakePart)?;
            find_in(db, chat_id, id).await?;
            store::unreact(db, chat_id, id, caller.user_id, &emoji).await
        })
    })
    .await
}

fn check(emoji: &str) -> Result<()> {
    if emoji::is_reaction(emoji) {
        Ok(())
    } else {
        Err(Error::invalid_field("emoji", "must be one emoji, or `:word:`, of up to 64 characters"))
    }
}
