//! The log of a chat: every thing that happened, as the frame that tells it.

use poem_openapi::Object;
use serde::Serialize;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::model::{COLUMNS, Message, MessageRow};
use crate::{
    chats::{
        Chat, Member,
        model::{Role, Visibility},
    },
    db::FromRow,
    error::{Error, Result},
    time::Timestamp,
    users::avatar,
};

/// One entry of a chat's log: what `GET …/log` lists and the sockets receive. Which of the last fields are there is up
/// to `type`.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct LogEntry {
    /// `new_message`, `message_edited`, `message_recalled`, `messages_cleared`, `sender_cleared`, `reaction_added`,
    /// `reaction_removed`, `pin_added`, `pin_removed`, `member_joined`, `member_left`, `member_changed` or `chat_updated`.
    #[serde(rename = "type")]
    #[oai(rename = "type")]
    pub kind: String,
    /// The chat.
    pub chat_id: Uuid,
    /// Its place in the log.
    pub seq: i64,
    /// Which entry it is, for ever; of `new_message` also the message's own. Where a restored backup makes the log use a
    /// number again, the entry there has another id.
    pub id: Uuid,
    /// Who did it; null for the system.
    #[oai(skip_serializing_if_is_none = false)]
    pub actor_id: Option<Uuid>,
    /// When it happened.
    pub created_at: Timestamp,
    /// The message, as it is now: `new_message`, `message_edited`, `message_recalled`. One that a retention has removed
    /// looks like one that was recalled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// The message it is about: `reaction_added`, `reaction_removed`, `pin_added`, `pin_removed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<Uuid>,
    /// The emoji: `reaction_added`, `reaction_removed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
    /// Who came or changed role: `member_joined`, `member_changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<Member>,
    /// Who went: `member_left`; whose words are gone: `sender_cleared`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Uuid>,
    /// The chat as it was then: `chat_updated`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat: Option<Chat>,
    /// Everything up to here was cleared: `messages_cleared`; everything of `user_id` up to here: `sender_cleared`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub up_to_seq: Option<i64>,
}

impl LogEntry {
    /// The entry of a message that was just said.
    pub fn new_message(message: Message) -> Self {
        Self {
            kind: "new_message".to_owned(),
            chat_id: message.chat_id,
            seq: message.seq,
            id: message.id,
            actor_id: message.sender_id,
            created_at: message.created_at,
            message: Some(message),
            message_id: None,
            emoji: None,
            member: None,
            user_id: None,
            chat: None,
            up_to_seq: None,
        }
    }
}

/// A row of the log, before it is told.
pub struct LogRow {
    entry: MessageRow,
    target_id: Option<Uuid>,
    body: Option<Value>,
    target: Option<MessageRow>,
    person: Option<(String, String, Option<String>)>,
    after_id: Option<Uuid>,
    is_read: bool,
}

const BODY: usize = COLUMNS + 1;
const TARGET: usize = COLUMNS + 2;
const PERSON: usize = TARGET + COLUMNS;
const AFTER: usize = PERSON + 3;
/// Where it was asked for.
const IS_READ: usize = AFTER + 1;

impl FromRow for LogRow {
    fn from_row(row: &Row) -> Result<Self> {
        let entry = MessageRow::from_columns(row, 0)?;
        let target_id: Option<Uuid> = row.try_get(COLUMNS)?;
        let has_target = row.try_get::<_, Option<i64>>(TARGET + 1)?.is_some();
        let target = if has_target { Some(MessageRow::from_columns(row, TARGET)?) } else { None };
        let person = match row.try_get::<_, Option<String>>(PERSON)? {
            Some(username) => Some((username, row.try_get(PERSON + 1)?, row.try_get(PERSON + 2)?)),
            None => None,
        };
        let (body, after_id) = (row.try_get(BODY)?, row.try_get(AFTER)?);
        let is_read = row.len() > IS_READ && row.try_get(IS_READ)?;
        Ok(Self { entry, target_id, body, target, person, after_id, is_read })
    }
}

impl LogRow {
    /// The entry at the place after which this was read, as the same snapshot has it: `None` where none stands there.
    pub fn after_id(&self) -> Option<Uuid> {
        self.after_id
    }

    /// Whether it is a message up to which its sender has read; `false` where that was not asked for.
    pub fn is_read(&self) -> bool {
        self.is_read
    }

    /// The entry as clients see it.
    pub fn view(self, public_url: &str) -> Result<LogEntry> {
        let entry = self.entry.view(public_url);
        // The three kinds of message are told alike; every other entry is told by its own name.
        let is_message = matches!(entry.kind.as_str(), "text" | "media" | "system");
        let mut told = LogEntry {
            kind: if is_message { "new_message".to_owned() } else { entry.kind.clone() },
            chat_id: entry.chat_id,
            seq: entry.seq,
            id: entry.id,
            actor_id: entry.sender_id,
            created_at: entry.created_at,
            message: None,
            message_id: None,
            emoji: None,
            member: None,
            user_id: None,
            chat: None,
            up_to_seq: None,
        };
        let field = |name: &str| self.body.as_ref().and_then(|body| body.get(name));
        match entry.kind.as_str() {
            "text" | "media" | "system" => told.message = Some(entry),
            "message_edited" | "message_recalled" => {
                told.message = Some(match self.target {
                    Some(target) => target.view(public_url),
                    None => Message {
                        id: self.target_id.unwrap_or_default(),
                        seq: field("seq").and_then(Value::as_i64).unwrap_or(entry.seq),
                        kind: field("kind").and_then(Value::as_str).unwrap_or("text").to_owned(),
                        sender_id: field("sender_id").and_then(as_uuid),
                        created_at: field("created_at").and_then(as_time).unwrap_or(entry.created_at),
                        recalled_at: Some(entry.created_at),
                        ..entry
                    },
                });
            }
            "messages_cleared" => {
                told.up_to_seq = Some(entry.seq - 1);
            }
            "sender_cleared" => {
                told.user_id = field("user_id").and_then(as_uuid);
                told.up_to_seq = Some(entry.seq - 1);
            }
            "reaction_added" | "reaction_removed" | "pin_added" | "pin_removed" => {
                told.message_id = self.target_id;
                told.emoji = field("emoji").and_then(Value::as_str).map(str::to_owned);
            }
            "member_left" => {
                told.user_id = field("user_id").and_then(as_uuid);
            }
            "member_joined" | "member_changed" => {
                let (username, name, avatar_key) = self.person.clone().unwrap_or_default();
                told.member = Some(Member {
                    user_id: field("user_id").and_then(as_uuid).unwrap_or_default(),
                    username,
                    name,
                    avatar_url: avatar::url(public_url, avatar_key.as_deref()),
                    role: Role::from_column(field("role").and_then(Value::as_str).unwrap_or_default()),
                    last_read_seq: field("last_read_seq").and_then(Value::as_i64).unwrap_or_default(),
                    joined_at: field("joined_at").and_then(as_time).unwrap_or(entry.created_at),
                });
            }
            "chat_updated" => {
                let text = |name| field(name).and_then(Value::as_str);
                told.chat = Some(Chat {
                    id: entry.chat_id,
                    kind: text("kind").unwrap_or("group").to_owned(),
                    visibility: Visibility::from_column(text("visibility").unwrap_or_default()),
                    title: text("title").map(str::to_owned),
                    description: text("description").unwrap_or_default().to_owned(),
                    image_url: avatar::url(public_url, text("image_key")),
                    owner_id: field("owner_id").and_then(as_uuid),
                    peer: None,
                    member_count: field("member_count").and_then(Value::as_i64).unwrap_or_default() as i32,
                    last_seq: entry.seq,
                    retention_days: field("retention_days").and_then(Value::as_i64).map(|days| days as i32),
                    created_at: field("created_at").and_then(as_time).unwrap_or(entry.created_at),
                    updated_at: field("updated_at").and_then(as_time).unwrap_or(entry.created_at),
                });
            }
            other => return Err(Error::internal(format!("the log holds an entry of unknown kind {other}"))),
        }
        Ok(told)
    }
}

fn as_uuid(value: &Value) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}

fn as_time(value: &Value) -> Option<Timestamp> {
    serde_json::from_value(value.clone()).ok()
}
