//! What a person was told beside the messages of their chats, how they want to be told, and their devices without their keys.

use serde::Serialize;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Outcome, Sink, write_all};
use crate::{
    db::{Client, FromRow},
    error::Result,
    notifications::Notification,
    time::Timestamp,
};

/// Writes all of it.
pub async fn write(db: &Client, id: Uuid, sink: &mut Sink) -> Outcome {
    let sql = include_str!("../../../../sql/queries/export/notifications.sql");
    write_all(db, sql, id, sink, "notification", |row: Notification| row).await?;
    let sql = include_str!("../../../../sql/queries/export/notification_preferences.sql");
    write_all(db, sql, id, sink, "notification_preference", |row: Preference| row).await?;
    let sql = include_str!("../../../../sql/queries/export/chat_mutes.sql");
    write_all(db, sql, id, sink, "chat_mute", |row: Mute| row).await?;
    let sql = include_str!("../../../../sql/queries/export/push_subscriptions.sql");
    write_all(db, sql, id, sink, "push_subscription", |row: Device| row).await
}

#[derive(Serialize)]
struct Preference {
    kind: String,
    live: bool,
    push: bool,
}

impl FromRow for Preference {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { kind: row.try_get("kind")?, live: row.try_get("live")?, push: row.try_get("push")? })
    }
}

#[derive(Serialize)]
struct Mute {
    chat_id: Uuid,
    until: Option<Timestamp>,
    created_at: Timestamp,
}

impl FromRow for Mute {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            chat_id: row.try_get("chat_id")?,
            until: row.try_get("until")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

#[derive(Serialize)]
struct Device {
    id: Uuid,
    user_agent: String,
    created_at: Timestamp,
    used_at: Option<Timestamp>,
}

impl FromRow for Device {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            user_agent: row.try_get("user_agent")?,
            created_at: row.try_get("created_at")?,
            used_at: row.try_get("used_at")?,
        })
    }
}
