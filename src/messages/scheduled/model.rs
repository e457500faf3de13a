//! The shapes of a scheduled message.

use poem_openapi::{Enum, Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::FromRow,
    error::{Code, Result},
    http::sorts,
    messages::model::NewMessage,
    time::Timestamp,
};

sorts! {
    /// The order of scheduled messages.
    ScheduledSort {
        #[default]
        Soonest = "send_at",
        Latest = "-send_at",
    }
}

/// What became of a scheduled message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ScheduledStatus {
    /// Its time has not come.
    Waiting,
    /// Its time has come, and its sender was not allowed to send it.
    Failed,
}

/// The promise that a message will be sent.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct ScheduledReceipt {
    /// Which message it will be.
    pub id: Uuid,
    /// When.
    pub send_at: Timestamp,
}

/// A scheduled message.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct ScheduledMessage {
    /// Which one it is; the message will have this id, too.
    pub id: Uuid,
    /// Where it will be said.
    pub chat_id: Uuid,
    /// What will be said; null with attachments alone.
    pub content: Option<String>,
    /// The message it will reply to.
    pub reply_to: Option<Uuid>,
    /// The uploads that will come with it.
    pub attachments: Vec<Uuid>,
    /// The sender's own id of the message, to detect repetitions.
    pub client_id: String,
    /// When it will be sent.
    pub send_at: Timestamp,
    /// Whether it waits.
    pub status: ScheduledStatus,
    /// When it could not be sent; null while it waits.
    pub failed_at: Option<Timestamp>,
    /// Why it was not sent, by the word of an error (`not_found`, `banned`, `blocked`, `suspended`, `validation_failed` …); null
    /// while it waits.
    pub reason: Option<String>,
    /// When it was handed in.
    pub created_at: Timestamp,
}

/// A row of `scheduled_messages`.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct ScheduledRow {
    pub user_id: Uuid,
    pub message: ScheduledMessage,
}

impl FromRow for ScheduledRow {
    fn from_row(row: &Row) -> Result<Self> {
        let failed_at: Option<Timestamp> = row.try_get("failed_at")?;
        Ok(Self {
            user_id: row.try_get("user_id")?,
            message: ScheduledMessage {
                id: row.try_get("id")?,
                chat_id: row.try_get("chat_id")?,
                content: row.try_get("content")?,
                reply_to: row.try_get("reply_to")?,
                attachments: row.try_get("attachments")?,
                client_id: row.try_get("client_id")?,
                send_at: row.try_get("send_at")?,
                status: if failed_at.is_some() { ScheduledStatus::Failed } else { ScheduledStatus::Waiting },
                failed_at,
                reason: row.try_get("reason")?,
                created_at: row.try_get("created_at")?,
            },
        })
    }
}

impl ScheduledRow {
    /// The message that it becomes.
    pub fn into_new(self) -> NewMessage {
        NewMessage {
            content: self.message.content,
            reply_to: self.message.reply_to,
            attachments: Some(self.message.attachments).filter(|files| !files.is_empty()),
            client_id: Some(self.message.client_id),
            send_at: None,
        }
    }

    /// Whether this is what was handed in before.
    pub fn is_same(&self, new: &NewMessage) -> bool {
        let known = &self.message;
        known.content == new.content
            && known.reply_to == new.reply_to
            && known.attachments == new.attachments.as_deref().unwrap_or_default()
            && new.send_at.is_none_or(|at| at.to_rfc3339() == known.send_at.to_rfc3339())
    }
}

impl From<&ScheduledMessage> for ScheduledReceipt {
    fn from(message: &ScheduledMessage) -> Self {
        Self { id: message.id, send_at: message.send_at }
    }
}

impl Example for ScheduledReceipt {
    fn example() -> Self {
        Self::from(&ScheduledMessage::example())
    }
}

impl Example for ScheduledMessage {
    fn example() -> Self {
        let at = |seconds| Timestamp(chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default());
        Self {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_000f),
            chat_id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0002),
            content: Some("Happy birthday!".into()),
            reply_to: None,
            attachments: vec![],
            client_id: "birthday".into(),
            send_at: at(1_780_050_000),
            status: ScheduledStatus::Failed,
            failed_at: Some(at(1_780_050_000)),
            reason: Some(Code::Banned.word().into()),
            created_at: at(1_780_000_000),
        }
    }
}
