//! Direct chats: one between two people.

use uuid::Uuid;

use crate::{
    app::App,
    blocks,
    chats::{
        model::{Chat, NewDirect},
        store,
    },
    db::query::begin_as,
    error::{Error, OnConstraint, Result},
    http::{Answer, Caller, Idempotency},
};

/// Where an `Idempotency-Key` of [`open_direct`] counts.
const DIRECT_PATH: &str = "POST:/api/v1/chats/direct";

/// The one chat between the caller and somebody else, made if there is none: however many ask at once, from both sides.
pub async fn open_direct(
    app: &App,
    caller: Caller,
    new: NewDirect,
    key: Option<&str>,
) -> Result<Answer<Chat>> {
    if new.user_id == caller.user_id {
        return Err(Error::invalid_field("user_id", "must be somebody else"));
    }
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let claim = match key {
        Some(key) => match Idempotency::claim(&transaction, caller.user_id, DIRECT_PATH, key, &new).await? {
            Ok(claim) => Some(claim),
            Err((is_new, chat)) => return Ok(Answer::new(is_new, chat)),
        },
        None => None,
    };
    blocks::refuse_blocked(&transaction, caller.user_id, new.user_id).await?;
    if store::find_direct(&transaction, caller.user_id, new.user_id).await?.is_none() {
        for person in [caller.user_id, new.user_id] {
            super::refuse_full(app, &transaction, person).await?;
        }
    }
    let is_new = store::insert_direct(&transaction, Uuid::now_v7(), caller.user_id, new.user_id).await?;
    let no_such_chat = || Error::not_found("chat");
    let id = store::find_direct(&transaction, caller.user_id, new.user_id).await?.ok_or_else(no_such_chat)?;
    store::insert_pair(&transaction, id)
        .await
        .on_constraint("members_user_id_fkey", || Error::not_found("person"))?;
    let row = store::find(&transaction, id, caller.user_id).await?.ok_or_else(no_such_chat)?;
    let chat = row.view(&app.public_url());
    if let Some(claim) = claim {
        claim.keep(&transaction, &(is_new, &chat)).await?;
    }
    transaction.commit().await?;
    Ok(Answer::new(is_new, chat))
}
