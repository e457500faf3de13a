//! Making hooks, removing them, and posting by them.

use std::net::IpAddr;

use futures_util::TryStreamExt;
use serde_json::Value;
use uuid::Uuid;

use super::{
    model::{CreatedHook, Hook, HookPost, HookSort, NewHook},
    store::{self, NewRow},
    text,
};
use crate::{
    app::App,
    chats::{
        Action, access,
        hold::{self, First},
    },
    error::{Code, Error, Result},
    http::{Answer, Caller, Idempotency, List, Wanted},
    messages::{self, Outbox, model::NewMessage},
    secrets::random,
    users::avatar,
    validate::Checks,
};

/// What an answer that is kept for its `Idempotency-Key` is sealed for: it holds the address.
pub const ANSWER_PURPOSE: &str = "idempotency_keys.answer:hook";

/// Makes a hook; by the creator and admins of the chat. Its address is in this answer and nowhere else.
pub async fn create(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    mut new: NewHook,
    key: Option<String>,
) -> Result<CreatedHook> {
    new.name = new.name.trim().to_owned();
    Checks::new().line(&new.name, "name", 1, 255).done()?;
    let app_too = app.clone();
    hold::with_person(app, caller, chat_id, First::Lock(caller.user_id), move |db, access| {
        Box::pin(async move {
            access.may(Action::Webhook)?;
            let path = format!("POST:/api/v1/chats/{chat_id}/hooks");
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
            let row = NewRow {
                id: Uuid::now_v7(),
                chat_id,
                bot_id: Uuid::now_v7(),
                name: &new.name,
                token_hash: &random::hash_of(&token),
                created_by: caller.user_id,
            };
            let public_url = app_too.public_url();
            let hook = store::insert(db, row).await?.view(&public_url);
            let hook = CreatedHook { hook, url: format!("{public_url}/api/v1/hooks/{token}") };
            if let Some(claim) = claim {
                claim.keep(db, &app_too.keyring.seal_json(ANSWER_PURPOSE, &hook)?).await?;
            }
            Ok(hook)
        })
    })
    .await
}

/// The hooks of a chat, without their addresses; by its creator and admins.
pub async fn list(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    sort: HookSort,
    wanted: Wanted,
) -> Result<List<Hook>> {
    let db = app.db().await?;
    access::enter(&db, chat_id, caller.user_id).await?.may(Action::Webhook)?;
    let rows = store::list(&db, chat_id, sort, wanted.limit(), wanted.offset()).await?;
    let public_url = app.public_url();
    let items = rows.map_ok(move |row| row.view(&public_url));
    wanted.answer(Box::pin(items), store::count(&db, chat_id)).await
}

/// Gives the bot of a hook a picture; by the creator and admins of the chat.
pub async fn change_avatar(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    id: Uuid,
    picture: Vec<u8>,
) -> Result<Hook> {
    // Asked once more under the lock; here so that nothing is stored for those who may not.
    let db = app.db().await?;
    access::enter(&db, chat_id, caller.user_id).await?.may(Action::Webhook)?;
    let hook = store::find(&db, chat_id, id).await?.ok_or_else(no_such_hook)?;
    drop(db);
    let public_url = app.public_url();
    let keep = async |key: String| {
        hold::with(app, caller, chat_id, move |db, access| {
            Box::pin(async move {
                access.may(Action::Webhook)?;
                store::set_avatar(db, chat_id, id, Some(&key)).await?;
                let row = store::find(db, chat_id, id).await?.ok_or_else(no_such_hook)?;
                Ok(row.view(&public_url))
            })
        })
        .await
    };
    avatar::store(app, caller.user_id, &format!("avatars/{}", hook.bot_id), picture, keep).await
}

/// Removes a hook: nobody posts by it any more, and what was said stays; by the creator and admins of the chat.
pub async fn remove(app: &App, caller: Caller, chat_id: Uuid, id: Uuid) -> Result<()> {
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::Webhook)?;
            if store::delete(db, chat_id, id).await? { Ok(()) } else { Err(no_such_hook()) }
        })
    })
    .await
}

/// What a program sends to a hook.
#[derive(Debug)]
pub struct Sent<'a> {
    /// The body.
    pub body: &'a Value,
    /// What happened, by the header in which some programs name it.
    pub event: Option<&'a str>,
}

/// Says something in the chat of a hook, as its bot; answered after the commit. The same `key` again is the same message.
pub async fn post(
    app: &App,
    outbox: &Outbox,
    token: &str,
    request: Sent<'_>,
    key: Option<String>,
    address: Option<IpAddr>,
) -> Result<HookPost> {
    let db = app.db().await?;
    let hook = store::find_by_token(&db, &random::hash_of(token)).await?.ok_or_else(no_such_hook)?;
    app.limits.count_hook(hook.id, hook.created_by)?;
    // Read for whom it may say something, and no sooner: it may be long.
    let text = text::of(request.body, request.event)?;
    store::touch(&db, hook.id).await?;
    drop(db);
    let bot =
        Caller { user_id: hook.bot_id, session_id: hook.id, expires_at: i64::MAX, is_token: true, address };
    let new =
        NewMessage { content: Some(text), reply_to: None, attachments: None, client_id: None, send_at: None };
    let sent = match key {
        Some(key) => messages::service::send_keyed(app, outbox, bot, hook.chat_id, new, &key).await,
        None => messages::service::send(app, outbox, bot, hook.chat_id, new)
            .await
            .map(|(Answer::Created(message) | Answer::Existing(message))| message),
    };
    match sent {
        Ok(message) => Ok(HookPost { id: message.id, ok: true }),
        // It has ended meanwhile.
        Err(error) if error.code() == Code::NotFound => Err(no_such_hook()),
        Err(error) => Err(error),
    }
}

/// Never there and removed are alike.
fn no_such_hook() -> Error {
    Error::not_found("hook")
}
