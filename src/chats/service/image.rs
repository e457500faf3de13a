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
    avatar::store(app, caller.user_id, &format!("images/{id}"), picture, |key| {
        set(app, caller, id, Some(key))
    })
    .await
}

/// Removes the image of a chat, if it has one; by its creator and admins.
pub async fn remove_image(app: &App, caller: Caller, id: Uuid) -> Result<()> {
    set(app, caller, id, None).await.map(drop)
}

async fn set(app: &App, caller: Caller, id: Uuid, key: Option<String>) -> Result<Chat> {
    let public_url = app.public_url();
    hold::with(app, caller, id, move |db, access| {
        Box::pin(async move {
            access.may(Action::Change)?;
            store::set_image(db, id, key.as_deref()).await?;
            let row = store::find(db, id, caller.user_id).await?;
            Ok(row.ok_or_else(|| Error::not_found("chat"))?.view(&public_url))
        })
    })
    .await
}
