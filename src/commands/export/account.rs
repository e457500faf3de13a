//! A person: profile, sessions and API tokens without their secrets, friends, chats, their events and tickets, and what they said, will
//! say later, posted, commented, uploaded and reacted with; what they were told, and how they want to be told.

mod told;

use futures_util::TryStreamExt;
use serde::Serialize;
use serde_json::json;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Outcome, sink::Sink};
use crate::{
    app::App,
    comments::Comment,
    db::{Client, FromRow, query},
    error::{Code, Error, Result},
    messages::model::MessageRow,
    posts::Post,
    time::Timestamp,
    users,
};

/// Writes everything about the person with this e-mail, contacts opened: who has any wants the key that sealed them.
pub async fn write(app: &App, email: &str, opens_contacts: bool, sink: &mut Sink) -> Outcome {
    let db = app.db().await?;
    let gone = || Error::new(Code::NotFound, "there is no account with this e-mail address");
    let id = users::store::find_credentials(&db, Some(email), None).await?.ok_or_else(gone)?.id;
    let row = users::store::find(&db, id).await?.ok_or_else(gone)?;
    if row.contacts.is_some() && !opens_contacts {
        return Err("secrets.key is required: the contacts of this account are stored encrypted".into());
    }
    sink.write("account", json!({"user": users::view::own_view(app, row)}))?;
    let sql = include_str!("../../../sql/queries/export/sessions.sql");
    write_all(&db, sql, id, sink, "session", |row: Session| row).await?;
    let sql = include_str!("../../../sql/queries/export/api_tokens.sql");
    write_all(&db, sql, id, sink, "api_token", |row: Token| row).await?;
    let sql = include_str!("../../../sql/queries/export/friends.sql");
    write_all(&db, sql, id, sink, "friend", |row: Other| row).await?;
    let sql = include_str!("../../../sql/queries/export/blocks.sql");
    write_all(&db, sql, id, sink, "block", |row: Other| row).await?;
    let sql = include_str!("../../../sql/queries/export/memberships.sql");
    write_all(&db, sql, id, sink, "membership", |row: Membership| row).await?;
    let sql = include_str!("../../../sql/queries/export/messages.sql");
    let public_url = app.public_url();
    write_all(&db, sql, id, sink, "message", |row: MessageRow| row.view(&public_url)).await?;
    let sql = include_str!("../../../sql/queries/export/scheduled_messages.sql");
    write_all(&db, sql, id, sink, "scheduled_message", |row: Scheduled| row).await?;
    let sql = include_str!("../../../sql/queries/export/events.sql");
    write_all(&db, sql, id, sink, "event", |row: Event| row).await?;
    let sql = include_str!("../../../sql/queries/export/tickets.sql");
    write_all(&db, sql, id, sink, "ticket", |row: Ticket| row).await?;
    let sql = include_str!("../../../sql/queries/export/event_waiting.sql");
    write_all(&db, sql, id, sink, "waiting", |row: Waiting| row).await?;
    let sql = include_str!("../../../sql/queries/export/posts.sql");
    write_all(&db, sql, id, sink, "post", |row: Post| row).await?;
    let sql = include_str!("../../../sql/queries/export/comments.sql");
    write_all(&db, sql, id, sink, "comment", |row: Comment| row).await?;
    let sql = include_str!("../../../sql/queries/export/files.sql");
    write_all(&db, sql, id, sink, "file", |row: File| row).await?;
    let sql = include_str!("../../../sql/queries/export/reactions.sql");
    write_all(&db, sql, id, sink, "reaction", |row: Reaction| row).await?;
    told::write(&db, id, sink).await
}

/// Writes a line `{"type": kind, kind: row}` for each row of a query about someone.
async fn write_all<T: FromRow + 'static, V: Serialize>(
    db: &Client,
    sql: &str,
    user_id: Uuid,
    sink: &mut Sink,
    kind: &str,
    show: impl Fn(T) -> V,
) -> Outcome {
    let mut rows = query::rows::<T>(db, sql, &[&user_id]).await?;
    while let Some(row) = rows.try_next().await? {
        if !sink.write(kind, json!({kind: show(row)}))? {
            break;
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct Session {
    id: Uuid,
    user_agent: String,
    address: String,
    created_at: Timestamp,
    last_used_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    revoked_because: Option<String>,
}

impl FromRow for Session {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            user_agent: row.try_get("user_agent")?,
            address: row.try_get("address")?,
            created_at: row.try_get("created_at")?,
            last_used_at: row.try_get("last_used_at")?,
            expires_at: row.try_get("expires_at")?,
            revoked_at: row.try_get("revoked_at")?,
            revoked_because: row.try_get("revoked_because")?,
        })
    }
}

#[derive(Serialize)]
struct Token {
    id: Uuid,
    name: String,
    scopes: Vec<String>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    revoked_because: Option<String>,
}

impl FromRow for Token {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            scopes: row.try_get("scopes")?,
            created_at: row.try_get("created_at")?,
            expires_at: row.try_get("expires_at")?,
            last_used_at: row.try_get("last_used_at")?,
            revoked_at: row.try_get("revoked_at")?,
            revoked_because: row.try_get("revoked_because")?,
        })
    }
}

/// A friend, or somebody blocked.
#[derive(Serialize)]
struct Other {
    user_id: Uuid,
    since: Timestamp,
}

impl FromRow for Other {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { user_id: row.try_get("user_id")?, since: row.try_get("since")? })
    }
}

#[derive(Serialize)]
struct File {
    id: Uuid,
    name: String,
    content_type: String,
    size: i64,
    chat_id: Option<Uuid>,
    message_id: Option<Uuid>,
    created_at: Timestamp,
}

impl FromRow for File {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            content_type: row.try_get("content_type")?,
            size: row.try_get("size")?,
            chat_id: row.try_get("chat_id")?,
            message_id: row.try_get("message_id")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

#[derive(Serialize)]
struct Membership {
    chat_id: Uuid,
    kind: String,
    visibility: String,
    title: Option<String>,
    role: String,
    last_read_seq: i64,
    joined_at: Timestamp,
}

impl FromRow for Membership {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            chat_id: row.try_get("chat_id")?,
            kind: row.try_get("kind")?,
            visibility: row.try_get("visibility")?,
            title: row.try_get("title")?,
            role: row.try_get("role")?,
            last_read_seq: row.try_get("last_read_seq")?,
            joined_at: row.try_get("joined_at")?,
        })
    }
}

#[derive(Serialize)]
struct Scheduled {
    id: Uuid,
    chat_id: Uuid,
    client_id: String,
    content: Option<String>,
    reply_to: Option<Uuid>,
    attachments: Vec<Uuid>,
    send_at: Timestamp,
    failed_at: Option<Timestamp>,
    reason: Option<String>,
    created_at: Timestamp,
}

impl FromRow for Scheduled {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            chat_id: row.try_get("chat_id")?,
            client_id: row.try_get("client_id")?,
            content: row.try_get("content")?,
            reply_to: row.try_get("reply_to")?,
            attachments: row.try_get("attachments")?,
            send_at: row.try_get("send_at")?,
            failed_at: row.try_get("failed_at")?,
            reason: row.try_get("reason")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

#[derive(Serialize)]
struct Reaction {
    chat_id: Uuid,
    message_id: Uuid,
    emoji: String,
    created_at: Timestamp,
}

impl FromRow for Reaction {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            chat_id: row.try_get("chat_id")?,
            message_id: row.try_get("message_id")?,
            emoji: row.try_get("emoji")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

#[derive(Serialize)]
struct Event {
    id: Uuid,
    name: String,
    event_time: Timestamp,
    timezone: String,
    description: String,
    duration_hours: i32,
    duration_minutes: i32,
    max_tickets: i32,
    tickets_sold: i32,
    chat_id: Option<Uuid>,
    remind_minutes: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl FromRow for Event {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            event_time: row.try_get("event_time")?,
            timezone: row.try_get("timezone")?,
            description: row.try_get("description")?,
            duration_hours: row.try_get("duration_hours")?,
            duration_minutes: row.try_get("duration_minutes")?,
            max_tickets: row.try_get("max_tickets")?,
            tickets_sold: row.try_get("tickets_sold")?,
            chat_id: row.try_get("chat_id")?,
            remind_minutes: row.try_get("remind_minutes")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

#[derive(Serialize)]
struct Ticket {
    id: Uuid,
    event_id: Uuid,
    quantity: i32,
    created_at: Timestamp,
    cancelled_at: Option<Timestamp>,
    checked_in_at: Option<Timestamp>,
}

impl FromRow for Ticket {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            event_id: row.try_get("event_id")?,
            quantity: row.try_get("quantity")?,
            created_at: row.try_get("created_at")?,
            cancelled_at: row.try_get("cancelled_at")?,
            checked_in_at: row.try_get("checked_in_at")?,
        })
    }
}

#[derive(Serialize)]
struct Waiting {
    event_id: Uuid,
    quantity: i32,
    held_until: Option<Timestamp>,
    created_at: Timestamp,
}

impl FromRow for Waiting {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            event_id: row.try_get("event_id")?,
            quantity: row.try_get("quantity")?,
            held_until: row.try_get("held_until")?,
            created_at: row.try_get("created_at")?,
        })
    }
}
