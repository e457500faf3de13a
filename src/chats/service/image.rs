//! The image of a chat.

use uuid::Uuid;

use crate::{
    app::App,
    chats::{Action, access, hold, model::Chat, store},
    error::{Error, Result},
    http::Caller,
    users::avatar,
};

/// Replaces the image of a chat and removes the old one; by its creator and admins.
pub async fn change_image(app: &App, caller: Caller, id: Uuid, picture: Vec<u8>) -> Result<Chat> {
    // Asked once more under the lock; here so that nothing is stored for those who may not.
    access::enter(&app.db().await?, id, caller.user_id).await?.may(Action::Change)?;
    let public_url = app.public_url();
    avatar::replace(app, &format!("images/{id}"), picture, |key| {
        hold::with(app, caller, id, move |db, access| {
            Box::pin(async move {
                access.may(Action::Change)?;
                let old = store::set_image(db, id, Some(&key)).await?;
                let row = store::find(db, id, caller.user_id).await?;
                Ok((row.ok_or_else(|| Error::not_found("chat"))?.view(&public_url), old))
            })
        })
    })
    .await
}
