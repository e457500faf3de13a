//! Reactions: one emoji of one person at one message.

use uuid::Uuid;

use super::find_in;
use crate::{
    app::App,
    chats::{Action, hold},
    error::{Code, Error, OnConstraint, Result},
    http::Caller,
    messages::{emoji, store},
};

/// Reacts to a message, as a member; the same again changes nothing.
pub async fn react(app: &App, caller: Caller, chat_id: Uuid, id: Uuid, emoji: String) -> Result<()> {
    check(&emoji)?;
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::TakePart)?;
            access.require_posting()?;
            find_in(db, chat_id, id).await?.message.stands()?;
            store::react(db, chat_id, id, caller.user_id, &emoji)
                .await
                .on_constraint("reactions_kinds_check", || {
                    Error::new(
                        Code::TooManyReactions,
                        "there are 50 kinds of reactions to this message already",
                    )
                })
                // Kept with U+FE0F wherever it belongs, it is longer than it came.
                .on_constraint("reactions_emoji_check", not_one)
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
    if emoji::is_reaction(emoji) { Ok(()) } else { Err(not_one()) }
}

fn not_one() -> Error {
    Error::invalid_field("emoji", "must be one emoji, or `:word:`, of up to 64 characters")
}
