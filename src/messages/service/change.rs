//! Changing what was said: edits and recalls.

use uuid::Uuid;

use super::{Message, find_in};
use crate::{
    app::App,
    chats::{Action, hold},
    error::{Code, Error, Result},
    http::Caller,
    messages::store,
    validate::Checks,
};

/// Changes the words of a message; by its sender. The same words again change nothing.
pub async fn edit(app: &App, caller: Caller, chat_id: Uuid, id: Uuid, content: String) -> Result<Message> {
    Checks::new().length(&content, "content", 1, 4096).done()?;
    let edited = hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::TakePart)?;
            access.require_posting()?;
            let message = find_in(db, chat_id, id).await?.message;
            if message.sender_id != Some(caller.user_id) {
                return Err(Error::new(Code::Forbidden, "only its sender may edit a message"));
            }
            message.stands()?;
            store::edit(db, chat_id, id, &content).await?;
            find_in(db, chat_id, id).await
        })
    })
    .await?;
    Ok(edited.view(&app.public_url()))
}

/// Takes a message back: its words are gone. By its sender, and by the creator and admins of the chat; again is fine.
pub async fn recall(app: &App, caller: Caller, chat_id: Uuid, id: Uuid) -> Result<()> {
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::TakePart)?;
            if find_in(db, chat_id, id).await?.message.sender_id != Some(caller.user_id) {
                access.may(Action::RecallOthers)?;
            }
            store::recall(db, chat_id, id).await
        })
    })
    .await
}
