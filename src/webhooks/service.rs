//! Making webhooks, switching them, and removing them.

use uuid::Uuid;

use super::{
    limits,
    model::{CreatedWebhook, NewWebhook, Webhook, WebhookChange, WebhookSort, purpose, words_of},
    store::{self, NewRow},
};
use crate::{
    app::App,
    chats::{
        Action, access,
        hold::{self, First},
    },
    error::{Code, Error, Result},
    http::{Caller, Idempotency, List, Wanted},
    outbound::{self, Refusal, Url},
    secrets::random,
};

/// What an answer that is kept for its `Idempotency-Key` is sealed for: it holds the secret.
pub const ANSWER_PURPOSE: &str = "idempotency_keys.answer:webhook";

/// Makes a webhook; by the creator and admins of the chat. The secret is in this answer, and sealed in the table.
pub async fn create(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    new: NewWebhook,
    key: Option<String>,
) -> Result<CreatedWebhook> {
    let url = outbound::parse(&new.url).map_err(|wrong| Error::invalid_field("url", wrong))?;
    let path = format!("POST:/api/v1/chats/{chat_id}/webhooks");
    // Before a name is looked up for them. What was answered is answered again, wherever the name leads by now.
    let db = app.db().await?;
    access::enter(&db, chat_id, caller.user_id).await?.may(Action::Webhook)?;
    if let Some(key) = &key
        && let Some(sealed) = Idempotency::kept::<String>(&db, caller.user_id, &path, key, &new).await?
    {
        return app.keyring.open_json(ANSWER_PURPOSE, &sealed);
    }
    limits::refuse_full(&db, chat_id, caller.user_id).await?;
    drop(db);
    refuse_inner(app, &url).await?;
    let app_too = app.clone();
    hold::with_person(app, caller, chat_id, First::Lock(caller.user_id), move |db, access| {
        Box::pin(async move {
            access.may(Action::Webhook)?;
            let claim = match &key {
                Some(key) => {
                    match Idempotency::claim::<String>(db, caller.user_id, &path, key, &new).await? {
                        Ok(claim) => Some(claim),
                        Err(sealed) => return app_too.keyring.open_json(ANSWER_PURPOSE, &sealed),
                    }
                }
                None => None,
            };
            let (id, secret) = (Uuid::now_v7(), random::secret()?);
            let sealed = app_too.keyring.seal(&purpose(id), secret.as_bytes())?;
            let events = words_of(new.events.unwrap_or_default())?;
            let (url, secret_row, created_by) = (url.as_str(), sealed.as_slice(), caller.user_id);
            let row = NewRow { id, chat_id, url, events: &events, secret: secret_row, created_by };
            let webhook = CreatedWebhook { webhook: store::insert(db, row).await?, secret };
            if let Some(claim) = claim {
                claim.keep(db, &app_too.keyring.seal_json(ANSWER_PURPOSE, &webhook)?).await?;
            }
            Ok(webhook)
        })
    })
    .await
}

/// The webhooks of a chat, without their secrets; by its creator and admins.
pub async fn list(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    sort: WebhookSort,
    wanted: Wanted,
) -> Result<List<Webhook>> {
    let db = app.db().await?;
    access::enter(&db, chat_id, caller.user_id).await?.may(Action::Webhook)?;
    let rows = store::list(&db, chat_id, sort, wanted.limit(), wanted.offset()).await?;
    wanted.answer(rows, store::count(&db, chat_id)).await
}

/// Switches a webhook on or off; by the creator and admins of the chat.
pub async fn change(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    id: Uuid,
    change: WebhookChange,
) -> Result<Webhook> {
    hold::with_person(app, caller, chat_id, First::Lock(caller.user_id), move |db, access| {
        Box::pin(async move {
            access.may(Action::Webhook)?;
            store::switch(db, chat_id, id, change.active, caller.user_id).await?.ok_or_else(no_such_webhook)
        })
    })
    .await
}

/// Removes a webhook: what is on its way arrives, and nothing after it; by the creator and admins of the chat.
pub async fn remove(app: &App, caller: Caller, chat_id: Uuid, id: Uuid) -> Result<()> {
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::Webhook)?;
            if store::delete(db, chat_id, id).await? { Ok(()) } else { Err(no_such_webhook()) }
        })
    })
    .await
}

/// Fine, or 400 for what leads into an inner network, or nowhere.
async fn refuse_inner(app: &App, url: &Url) -> Result<()> {
    app.outbound.check(url).await.map_err(|refusal| match refusal {
        Refusal::Nowhere if app.config.webhooks.allow_private => {
            Error::invalid_field("url", "must have a name that is known: it leads to no address")
        }
        Refusal::NotPublic => {
            Error::new(Code::AddressNotAllowed, "url must lead to a public address: this one is private, local or reserved")
        }
        Refusal::Nowhere => Error::new(
            Code::AddressNotAllowed,
            "url must lead to public addresses: its name is not known, or has one that is private, local or reserved",
        ),
    })
}

fn no_such_webhook() -> Error {
    Error::not_found("webhook")
}
