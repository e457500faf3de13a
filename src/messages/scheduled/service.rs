//! Handing in a scheduled message, looking at those that wait, and taking one back.

use chrono::TimeDelta;
use futures_util::TryStreamExt;
use uuid::Uuid;

use super::{
    model::{ScheduledMessage, ScheduledReceipt, ScheduledRow, ScheduledSort},
    store::{self, NewRow},
};
use crate::{
    app::App,
    chats::{
        Action,
        hold::{self, First},
    },
    db::Transaction,
    error::{Code, Error, Result},
    http::{Caller, List, Wanted},
    messages::{
        Message,
        model::NewMessage,
        service::{check, client_id_of_key, find_sent, reused},
        store as messages,
    },
    time::Timestamp,
};

/// The most that wait for one person.
const WAITING: i64 = 100;
/// How far ahead: a year, a long one too.
const AHEAD: TimeDelta = TimeDelta::days(366);

/// What became of a message that was handed in.
pub enum Taken {
    /// It waits.
    Waiting(ScheduledReceipt),
    /// Its time has come already.
    Sent(Box<Message>),
}

/// Takes a scheduled message. The same `client_id`, or the same `key`, again is the same message.
pub async fn create(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    mut new: NewMessage,
    key: Option<&str>,
) -> Result<Taken> {
    check(&new)?;
    if let Some(key) = key {
        if new.client_id.is_some() {
            let message =
                "must be left out beside the header Idempotency-Key: each of them names the message";
            return Err(Error::invalid_field("client_id", message));
        }
        new.client_id = Some(client_id_of_key(key));
    }
    let send_at = new.send_at.ok_or_else(|| Error::internal("a scheduled message without its time"))?;
    match insert(app, caller, chat_id, &new, send_at).await {
        Err(error) if error.code() == Code::ClientIdReused && key.is_some() => {
            let detail = "this Idempotency-Key was used for another message in this chat";
            Err(Error::new(Code::IdempotencyKeyReused, detail))
        }
        taken => taken,
    }
}

/// Under the lock of the chat, as messages are posted: of the same `client_id` now and for later, the second sees the first.
async fn insert(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    new: &NewMessage,
    send_at: Timestamp,
) -> Result<Taken> {
    let (new, public_url) = (new.clone(), app.public_url());
    // Of many at once no more than they may have wait.
    let taken = hold::with_person(app, caller, chat_id, First::Lock(caller.user_id), move |db, access| {
        Box::pin(async move {
            access.may(Action::Post)?;
            access.require_posting()?;
            insert_held(db, caller, chat_id, &new, send_at, &public_url).await
        })
    })
    .await?;
    if matches!(taken, Taken::Waiting(_)) {
        app.scheduled_due.notify_one();
    }
    Ok(taken)
}

async fn insert_held(
    db: &Transaction<'_>,
    caller: Caller,
    chat_id: Uuid,
    new: &NewMessage,
    send_at: Timestamp,
    public_url: &str,
) -> Result<Taken> {
    let id = Uuid::now_v7();
    let client_id = new.client_id.clone().unwrap_or_else(|| id.to_string());
    if let Some(known) = store::find(db, caller.user_id, chat_id, &client_id).await? {
        return match known.is_same(new) {
            true => Ok(Taken::Waiting((&known.message).into())),
            false => Err(reused()),
        };
    }
    if new.client_id.is_some()
        && let Some(row) = messages::find_named(db, chat_id, caller.user_id, &client_id).await?
    {
        return Ok(Taken::Sent(Box::new(find_sent(row.view(public_url), new)?)));
    }
    let now = Timestamp::now().0;
    if send_at.0 <= now || send_at.0 > now + AHEAD {
        return Err(Error::invalid_field("send_at", "must be in the future, and at most a year ahead"));
    }
    if let Some(reply_to) = new.reply_to
        && messages::find(db, chat_id, reply_to).await?.is_none()
    {
        return Err(Error::invalid_field("reply_to", "must be a message of this chat"));
    }
    let attachments = new.attachments.as_deref().unwrap_or_default();
    if !attachments.is_empty()
        && store::count_loose(db, attachments, caller.user_id).await? < attachments.len() as i64
    {
        let message = "must be uploads of your own that no message has yet, each once";
        return Err(Error::invalid_field("attachments", message));
    }
    if store::count_waiting(db, caller.user_id).await? >= WAITING {
        let detail = "100 messages of yours wait already, and nobody may have more; take one back first";
        return Err(Error::new(Code::Conflict, detail));
    }
    store::discard_failed(db, caller.user_id, chat_id, &client_id).await?;
    let (user_id, content, reply_to) = (caller.user_id, new.content.as_deref(), new.reply_to);
    let row = NewRow { id, user_id, chat_id, client_id: &client_id, content, reply_to, attachments, send_at };
    Ok(Taken::Waiting((&store::insert(db, row).await?.message).into()))
}

/// The caller's scheduled messages, of one chat or all: those that wait, and those that were not sent.
pub async fn list(
    app: &App,
    caller: Caller,
    chat_id: Option<Uuid>,
    sort: ScheduledSort,
    wanted: Wanted,
) -> Result<List<ScheduledMessage>> {
    let db = app.db().await?;
    let (limit, offset) = (wanted.limit(), wanted.offset());
    let rows = store::list(&db, caller.user_id, chat_id, sort, limit, offset).await?;
    let items = rows.map_ok(|ScheduledRow { message, .. }| message);
    wanted.answer(Box::pin(items), store::count(&db, caller.user_id, chat_id)).await
}

/// Takes a message back that waits, or that was not sent. 409 at the moment at which it is being sent.
pub async fn remove(app: &App, caller: Caller, id: Uuid) -> Result<()> {
    let db = app.db().await?;
    if store::delete(&db, id, caller.user_id).await? {
        return Ok(());
    }
    match store::exists(&db, id, caller.user_id).await? {
        true => Err(Error::new(Code::Conflict, "this message is being sent at this moment")),
        false => Err(Error::not_found("scheduled message")),
    }
}
