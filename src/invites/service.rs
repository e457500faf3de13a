//! Making invites, and coming in with one.

use uuid::Uuid;

use super::{
    model::{CreatedInvite, Invite, InviteSort, NewInvite},
    store,
};
use crate::{
    app::App,
    chats::{self, Action, Chat, access, hold},
    error::{Error, Result},
    http::{Caller, Idempotency, List, Wanted},
    secrets::random,
    validate::Checks,
};

/// What an answer that is kept for its `Idempotency-Key` is sealed for: it holds the token.
pub const ANSWER_PURPOSE: &str = "idempotency_keys.answer:invite";

/// Makes an invite; by the creator and admins of the chat. The token is in this answer and nowhere else.
pub async fn create(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    new: NewInvite,
    key: Option<String>,
) -> Result<CreatedInvite> {
    let within = |value: Option<i32>, most| value.is_none_or(|value| (1..=most).contains(&value));
    Checks::new()
        .that(within(new.max_uses, 1_000_000), "max_uses", "must be a whole number from 1 to 1000000")
        .that(within(new.expires_in, 315_360_000), "expires_in", "must be seconds, from 1 to 315360000")
        .done()?;
    let app_too = app.clone();
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::Invite)?;
            let path = format!("POST:/api/v1/chats/{chat_id}/invites");
            let claim = match &key {
                Some(key) => {
                    match Idempotency::claim::<String>(db, caller.user_id, &path, key, &new).await? {
                        Ok(claim) => Some(claim),
                        Err(sealed) => return app_too.keyring.open_json(ANSWER_PURPOSE, &sealed),
                    }
                }
                None => None,
            };
            let token = random::secret()?;
            let invite = store::insert(db, chat_id, &random::hash_of(&token), &new, caller.user_id).await?;
            let invite = CreatedInvite { invite, token };
            if let Some(claim) = claim {
                claim.keep(db, &app_too.keyring.seal_json(ANSWER_PURPOSE, &invite)?).await?;
            }
            Ok(invite)
        })
    })
    .await
}

/// The invites of a chat, without their tokens; by its creator and admins.
pub async fn list(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    sort: InviteSort,
    wanted: Wanted,
) -> Result<List<Invite>> {
    let db = app.db().await?;
    access::enter(&db, chat_id, caller.user_id).await?.may(Action::Invite)?;
    let rows = store::list(&db, chat_id, sort, wanted.limit(), wanted.offset()).await?;
    wanted.answer(rows, store::count(&db, chat_id)).await
}

/// Revokes an invite: nobody comes in with it any more; by the creator and admins of the chat.
pub async fn revoke(app: &App, caller: Caller, chat_id: Uuid, id: Uuid) -> Result<()> {
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::Invite)?;
            if store::delete(db, chat_id, id).await? { Ok(()) } else { Err(no_such_invite()) }
        })
    })
    .await
}

/// Comes into a chat with the token of an invite. Who is in it already takes no use.
pub async fn accept(app: &App, caller: Caller, token: &str) -> Result<Chat> {
    let found = store::find(&app.db().await?, &random::hash_of(token)).await?;
    let (id, chat_id) = found.ok_or_else(no_such_invite)?;
    let (public_url, app_too) = (app.public_url(), app.clone());
    let accepted = hold::with_invite(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            // Asked under the lock of the chat, so that one who comes twice at once takes one use.
            if access.role.is_none() && !store::spend(db, id).await? {
                return Err(no_such_invite());
            }
            chats::service::come_in(&app_too, db, access, chat_id, caller.user_id).await?;
            let row = chats::store::find(db, chat_id, caller.user_id).await?;
            Ok(row.ok_or_else(no_such_invite)?.view(&public_url))
        })
    });
    accepted.await
}

/// Never there, revoked, spent and expired are alike.
fn no_such_invite() -> Error {
    Error::not_found("invite")
}
