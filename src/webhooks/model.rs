//! The shapes of a webhook.

use poem_openapi::{Enum, Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::FromRow,
    error::{Error, Result},
    http::sorts,
    time::Timestamp,
};

sorts! {
    /// The order of webhooks.
    WebhookSort {
        #[default]
        Newest = "-created_at",
        Oldest = "created_at",
    }
}

/// What can happen in a chat: the types of the frames of its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each says by its word what it is")]
pub enum ChatEvent {
    NewMessage,
    MessageEdited,
    MessageRecalled,
    MessagesCleared,
    SenderCleared,
    ReactionAdded,
    ReactionRemoved,
    PinAdded,
    PinRemoved,
    MemberJoined,
    MemberLeft,
    MemberChanged,
    ChatUpdated,
}

/// A new webhook.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewWebhook {
    /// Where to send: an `http://` or `https://` address of at most 2,048 characters, without a user name or password in it.
    #[oai(validator(min_length = 1, max_length = 2048))]
    pub url: String,
    /// What to send, by the types of the frames; everything when left out or empty.
    pub events: Option<Vec<ChatEvent>>,
}

/// Whether a webhook is to send.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct WebhookChange {
    /// `false` switches it off. `true` switches it on again, with a clean record: what happened meanwhile is sent, and who
    /// says so answers for it from now on (`created_by`).
    pub active: bool,
}

/// A webhook.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Webhook {
    /// Which webhook it is.
    pub id: Uuid,
    /// Where it sends to, as it is called: with a lower-case host, an address in its usual form, and so on.
    pub url: String,
    /// What it sends; empty for everything.
    pub events: Vec<ChatEvent>,
    /// Whether it sends; `false` once 20 attempts in a row have failed, when who answers for it was suspended or is no creator
    /// or admin of the chat any more, or when somebody switched it off.
    pub active: bool,
    /// The latest entry of the log that was taken, or that it does not send.
    pub delivered_seq: i64,
    /// How many attempts in a row have failed; 0 when the latest was taken.
    pub failures: i32,
    /// When the latest attempt failed, or the server switched it off; null when it was taken.
    pub failed_at: Option<Timestamp>,
    /// Why the latest attempt failed, or why the server switched it off; null when it was taken.
    pub last_error: Option<String>,
    /// Who answers for it: who made it, or was the last to switch it on again; null when they are gone.
    pub created_by: Option<Uuid>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A webhook that has just been made.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct CreatedWebhook {
    /// The webhook.
    #[oai(flatten)]
    #[serde(flatten)]
    pub webhook: Webhook,
    /// What signs its requests. Told this once.
    pub secret: String,
}

impl FromRow for Webhook {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            url: row.try_get("url")?,
            events: events_of(row.try_get("events")?)?,
            active: row.try_get("active")?,
            delivered_seq: row.try_get("delivered_seq")?,
            failures: row.try_get("failures")?,
            failed_at: row.try_get("failed_at")?,
            last_error: row.try_get("last_error")?,
            created_by: row.try_get("created_by")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

/// A webhook that has something to send.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the tables, described in sql/")]
pub struct Due {
    pub id: Uuid,
    pub chat_id: Uuid,
    pub url: String,
    pub events: Vec<String>,
    pub secret: Vec<u8>,
    pub delivered_seq: i64,
    pub failures: i32,
    pub created_by: Option<Uuid>,
    pub last_seq: i64,
}

impl Due {
    /// Whose places it is sent with: of whoever answers for it, or the chat's when that is nobody.
    pub fn holder(&self) -> Uuid {
        self.created_by.unwrap_or(self.chat_id)
    }
}

impl FromRow for Due {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            chat_id: row.try_get("chat_id")?,
            url: row.try_get("url")?,
            events: row.try_get("events")?,
            secret: row.try_get("secret")?,
            delivered_seq: row.try_get("delivered_seq")?,
            failures: row.try_get("failures")?,
            created_by: row.try_get("created_by")?,
            last_seq: row.try_get("last_seq")?,
        })
    }
}

/// From the words of the column.
fn events_of(words: Vec<String>) -> Result<Vec<ChatEvent>> {
    serde_json::from_value(words.into()).map_err(Error::internal)
}

/// To the words of the column, each once.
pub fn words_of(mut events: Vec<ChatEvent>) -> Result<Vec<String>> {
    events.sort_unstable();
    events.dedup();
    let words = serde_json::to_value(events).and_then(serde_json::from_value);
    words.map_err(Error::internal)
}

/// What the secret of a webhook is sealed for.
pub fn purpose(id: Uuid) -> String {
    format!("webhooks.secret:{id}")
}

impl Example for NewWebhook {
    fn example() -> Self {
        Self {
            url: "https://example.com/trunkline".into(),
            events: Some(vec![ChatEvent::NewMessage, ChatEvent::MessageEdited]),
        }
    }
}

impl Example for WebhookChange {
    fn example() -> Self {
        Self { active: true }
    }
}

impl Example for Webhook {
    fn example() -> Self {
        let at = |seconds| Timestamp(chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default());
        Self {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_000c),
            url: "https://example.com/trunkline".into(),
            events: vec![ChatEvent::NewMessage, ChatEvent::MessageEdited],
            active: true,
            delivered_seq: 41,
            failures: 0,
            failed_at: None,
            last_error: None,
            created_by: Some(Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0001)),
            created_at: at(1_780_000_000),
        }
    }
}
