//! What people do in a chat: say something, look back, follow the log, and change what was said.

mod change;
mod clear;
mod pin;
mod react;
mod read;

use std::collections::HashSet;

use aws_lc_rs::digest;
use uuid::Uuid;

pub use self::{
    change::{edit, recall},
    clear::clear,
    pin::{list_pins, pin, unpin},
    react::{react, unreact},
    read::{list_reads, mark_read},
};
use super::{
    LogEntry, Message, Outbox,
    model::{KEY_PREFIX, MessageRow, NewMessage},
    search::{self, Filter},
    store::{self, Outcome, Send},
    window::Window,
};
use crate::{
    app::App,
    chats::{self, Position, access, reading},
    db::{Client, GenericClient},
    error::{Code, Error, Result},
    http::{Answer, Caller, List, Listed, Wanted},
    validate::Checks,
};

/// The most files that come with a message.
const ATTACHMENTS: usize = 10;

/// Says something in a chat; answered after the commit. The same `client_id` again is the same message.
pub async fn send(
    app: &App,
    outbox: &Outbox,
    caller: Caller,
    chat_id: Uuid,
    new: NewMessage,
) -> Result<Answer<Message>> {
    check(&new)?;
    refuse_later(&new)?;
    post(app, outbox, caller, chat_id, new, Named::Now).await
}

/// The same for a message that has its id already.
pub async fn send_as(
    app: &App,
    outbox: &Outbox,
    caller: Caller,
    chat_id: Uuid,
    new: NewMessage,
    id: Uuid,
) -> Result<Answer<Message>> {
    post(app, outbox, caller, chat_id, new, Named::Scheduled(id)).await
}

/// The same, named by an `Idempotency-Key`: a repetition is answered as the first time.
pub async fn send_keyed(
    app: &App,
    outbox: &Outbox,
    caller: Caller,
    chat_id: Uuid,
    mut new: NewMessage,
    key: &str,
) -> Result<Message> {
    check(&new)?;
    refuse_later(&new)?;
    if new.client_id.is_some() {
        let message = "must be left out beside the header Idempotency-Key: each of them names the message";
        return Err(Error::invalid_field("client_id", message));
    }
    new.client_id = Some(client_id_of_key(key));
    match post(app, outbox, caller, chat_id, new, Named::Now).await {
        Ok(Answer::Created(message) | Answer::Existing(message)) => Ok(message),
        Err(error) if error.code() == Code::ClientIdReused => {
            let detail = "this Idempotency-Key was used for another message in this chat";
            Err(Error::new(Code::IdempotencyKeyReused, detail))
        }
        Err(error) => Err(error),
    }
}

/// Which id a message has.
enum Named {
    /// A new one: it was written just now.
    Now,
    /// The one that it was promised when it was written.
    Scheduled(Uuid),
}

async fn post(
    app: &App,
    outbox: &Outbox,
    caller: Caller,
    chat_id: Uuid,
    new: NewMessage,
    named: Named,
) -> Result<Answer<Message>> {
    let (id, is_scheduled) = match named {
        Named::Now => (Uuid::now_v7(), false),
        Named::Scheduled(id) => (id, true),
    };
    let send = Send {
        chat_id,
        sender_id: caller.user_id,
        id,
        is_scheduled,
        content: new.content.clone(),
        client_id: new.client_id.clone(),
        reply_to: new.reply_to,
        attachments: new.attachments.clone().unwrap_or_default(),
    };
    match outbox.send(send.clone()).await? {
        // What the files are stands in the tables.
        Outcome::Posted { id, .. } if !send.attachments.is_empty() => {
            Ok(Answer::Created(find_in(&app.db().await?, chat_id, id).await?.view(&app.public_url())))
        }
        Outcome::Posted { id, seq, created_at, mentions } => {
            Ok(Answer::Created(send.into_message(id, seq, created_at, mentions)))
        }
        Outcome::Seen { id } => {
            let message = find_in(&app.db().await?, chat_id, id).await?.view(&app.public_url());
            Ok(Answer::Existing(find_sent(message, &new)?))
        }
        Outcome::Reused => Err(reused()),
        Outcome::NoChat => Err(Error::not_found("chat")),
        Outcome::Full => Err(chats::service::full(app)),
        Outcome::Banned => Err(access::banned()),
        Outcome::Blocked(side) => Err(side.refusal()),
        Outcome::NoAttachment => Err(Error::invalid_field(
            "attachments",
            "must be uploads of your own that no message has yet, each once",
        )),
        Outcome::NoReply => Err(Error::invalid_field("reply_to", "must be a message of this chat")),
        Outcome::Again | Outcome::Busy => Err(Error::internal("a send came back undecided")),
    }
}

/// A message that was sent before by the same name: fine where it is what is sent now, or was changed since; 409 otherwise.
pub(super) fn find_sent(message: Message, new: &NewMessage) -> Result<Message> {
    let changed_since = message.edited_at.is_some() || message.recalled_at.is_some();
    let is_same = message.content == new.content
        && message.reply_to == new.reply_to
        && message.attachments.iter().map(|file| &file.id).eq(new.attachments.iter().flatten());
    if changed_since || is_same {
        return Ok(message);
    }
    Err(reused())
}

/// The name of a message was that of another one.
pub(super) fn reused() -> Error {
    Error::new(Code::ClientIdReused, "this client_id was used for another message in this chat")
}

/// What is for later is handed in over HTTP.
fn refuse_later(new: &NewMessage) -> Result<()> {
    match new.send_at {
        None => Ok(()),
        Some(_) => Err(Error::invalid_field(
            "send_at",
            "is taken over HTTP alone, by POST /chats/{chat_id}/messages",
        )),
    }
}

/// The name a message has by its `Idempotency-Key`, in a namespace of its own among the client ids; clients never see it.
pub fn client_id_of_key(key: &str) -> String {
    let hash = digest::digest(&digest::SHA256, key.as_bytes());
    let name: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{KEY_PREFIX}{}", &name[..60])
}

/// Messages of a chat; `total` counts all that match.
pub async fn list(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    window: Window,
    filter: &Filter,
    sort: &str,
    wanted: Wanted,
) -> Result<List<Message>> {
    let db = app.db().await?;
    if !filter.is_empty() || wanted.is_download() {
        access::enter(&db, chat_id, caller.user_id).await?;
        // Without the connection in hand: whoever searches a lot waits for their own.
        drop(db);
        let _permit = app.searching.acquire_soon(caller.user_id).await?;
        let db = reading::log_of(app, app.db().await?, chat_id).await?;
        return search::in_chat(app, db, chat_id, filter, window, sort, wanted).await;
    }
    let (limit, offset) = (wanted.limit(), wanted.offset());
    // Asked first: how long a page takes to read would tell a stranger how much there is.
    let access = access::enter(&db, chat_id, caller.user_id).await?;
    let db = reading::log_of(app, db, chat_id).await?;
    let items = page(&db, chat_id, window, sort, limit, offset).await?;
    let public_url = app.public_url();
    let items = items.into_iter().map(|row| row.view(&public_url)).collect();
    Ok(List::Page(Listed { total: access.message_count, total_is_exact: None, items }))
}

async fn page(
    db: &Client,
    chat_id: Uuid,
    window: Window,
    sort: &str,
    limit: Option<i64>,
    offset: i64,
) -> Result<Vec<MessageRow>> {
    match window {
        Window::Latest if sort == "seq" => store::list_oldest(db, chat_id, limit, offset).await,
        Window::Latest => store::list(db, chat_id, limit, offset).await,
        Window::Before(seq) => store::list_before(db, chat_id, seq, limit, offset).await,
        Window::After(seq) => store::list_next(db, chat_id, seq, limit, offset).await,
        Window::Around(seq) => store::list_around(db, chat_id, seq, limit).await,
    }
}

/// One message.
pub async fn get(app: &App, caller: Caller, chat_id: Uuid, id: Uuid) -> Result<Message> {
    let db = app.db().await?;
    access::enter(&db, chat_id, caller.user_id).await?;
    Ok(find_in(&db, chat_id, id).await?.view(&app.public_url()))
}

/// A message of a chat that was entered already.
async fn find_in(db: &impl GenericClient, chat_id: Uuid, id: Uuid) -> Result<MessageRow> {
    store::find(db, chat_id, id).await?.ok_or_else(|| Error::not_found("message"))
}

/// The log of a chat after a place, oldest first; 409 where another entry stands at that place than the caller knows.
pub async fn log(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    after: Position,
    limit: i64,
) -> Result<Vec<LogEntry>> {
    let db = app.db().await?;
    access::enter(&db, chat_id, caller.user_id).await?;
    let db = reading::log_of(app, db, chat_id).await?;
    let public_url = app.public_url();
    let rows = store::list_after(&db, chat_id, after.seq, limit).await?;
    if after.id.is_some() {
        // Asked after the entries were read: what is replaced in between is noticed, too.
        let stands = store::ids_at(&db, chat_id, &[after.seq]).await?;
        if stands.first().map(|(_, id)| *id) != after.id {
            let detail = "no such entry stands at after_seq (any more): read the log from the beginning";
            return Err(Error::new(Code::LogChanged, detail));
        }
    }
    rows.into_iter().map(|row| row.view(&public_url)).collect()
}

/// What can be said of a message without asking anybody.
pub(super) fn check(new: &NewMessage) -> Result<()> {
    let mut checks = Checks::new();
    let attachments = new.attachments.as_deref().unwrap_or_default();
    match &new.content {
        Some(content) => checks.length(content, "content", 1, 4096),
        None => checks.that(!attachments.is_empty(), "content", "is required where there are no attachments"),
    };
    checks.that(attachments.len() <= ATTACHMENTS, "attachments", "must be at most 10 uploads");
    if let Some(client_id) = &new.client_id {
        let count = client_id.chars().count();
        let fits = (1..=64).contains(&count) && !client_id.starts_with(KEY_PREFIX);
        checks.that(fits, "client_id", "must have 1 to 64 characters and not begin with `key:`");
    }
    let distinct: HashSet<_> = attachments.iter().collect();
    checks.that(distinct.len() == attachments.len(), "attachments", "must name each upload once");
    checks.done()
}
