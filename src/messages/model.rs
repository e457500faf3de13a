//! The shapes of a message.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::{Row, types::Json};
use uuid::Uuid;

use crate::{
    db::FromRow,
    error::{Code, Error, Result},
    files::{File, FileRow},
    time::Timestamp,
};

/// A message. One that was recalled has no content any more.
#[derive(Debug, Clone, PartialEq, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Message {
    /// Which message it is, for ever.
    pub id: Uuid,
    /// The chat it was said in.
    pub chat_id: Uuid,
    /// Its place in the log of the chat.
    pub seq: i64,
    /// Who said it; null for a system message.
    pub sender_id: Option<Uuid>,
    /// `text`, `media` or `system`.
    pub kind: String,
    /// What was said; null when recalled.
    pub content: Option<String>,
    /// The files that came with it.
    pub attachments: Vec<File>,
    /// The message it replies to.
    pub reply_to: Option<Uuid>,
    /// The members it mentions as `@username`, in the order of the text, at most 50. Before the `@` stands nothing, white space,
    /// punctuation or a letter of a script without spaces; a dot or dash at the end is not part of the name. What stands in a
    /// link, an e-mail, a `@user@host` or in code between backticks is none.
    pub mentions: Vec<Uuid>,
    /// What people reacted with, in the order in which each emoji came first.
    pub reactions: Vec<Reaction>,
    /// The sender's own id of it, to detect repetitions.
    pub client_id: Option<String>,
    /// When it was said.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When its content was changed; null when never.
    pub edited_at: Option<Timestamp>,
    /// When it was recalled; null when not.
    pub recalled_at: Option<Timestamp>,
}

/// One emoji, and who reacted with it.
#[derive(Debug, Clone, PartialEq, Object, Serialize, Deserialize)]
pub struct Reaction {
    /// The emoji, in one form whatever keyboards make of it, or `:word:`.
    pub emoji: String,
    /// How many reacted with it.
    pub count: i64,
    /// The first 100 who did, the first one first.
    pub user_ids: Vec<Uuid>,
}

/// A message to post.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewMessage {
    /// 1 to 4,096 characters, not blank; may be left out with attachments.
    #[oai(validator(min_length = 1, max_length = 4096))]
    pub content: Option<String>,
    /// The message of this chat it replies to.
    pub reply_to: Option<Uuid>,
    /// Up to 10 uploads of one's own that come with it, in this order: its kind is `media` then. An upload comes with
    /// one message.
    #[oai(validator(max_items = 10, unique_items))]
    pub attachments: Option<Vec<Uuid>>,
    /// The sender's own name for it, up to 64 characters that do not begin with `key:`: sent twice, it is one message, for as
    /// long as the chat keeps it.
    #[oai(validator(min_length = 1, max_length = 64))]
    pub client_id: Option<String>,
    /// Not now but then, at most a year ahead: answered 202 with the `id` that the message will have. Only over HTTP.
    pub send_at: Option<Timestamp>,
}

impl NewMessage {
    /// How many more requests or commands it counts for.
    pub fn weight(&self) -> u32 {
        self.content.as_deref().map_or(0, weight_of)
    }
}

/// For how many more requests or commands a text counts: one for each KiB after the first.
pub fn weight_of(text: &str) -> u32 {
    u32::try_from(text.len() / 1024).unwrap_or(u32::MAX)
}

/// Other words for a message.
#[derive(Debug, Clone, Object, Deserialize)]
#[oai(example)]
pub struct MessageChange {
    /// 1 to 4,096 characters, not blank.
    #[oai(validator(min_length = 1, max_length = 4096))]
    pub content: String,
}

/// A message that is pinned.
#[derive(Debug, Clone, Object, Serialize)]
pub struct PinnedMessage {
    /// The message.
    #[oai(flatten)]
    #[serde(flatten)]
    pub message: Message,
    /// When it was pinned.
    pub pinned_at: Timestamp,
    /// Who pinned it; null when SQL did without naming anyone.
    pub pinned_by: Option<Uuid>,
}

/// A row of the pins, with its message.
pub struct PinnedRow {
    message: MessageRow,
    pinned_at: Timestamp,
    pinned_by: Option<Uuid>,
}

impl FromRow for PinnedRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            message: MessageRow::from_columns(row, 0)?,
            pinned_at: row.try_get("pinned_at")?,
            pinned_by: row.try_get("pinned_by")?,
        })
    }
}

impl PinnedRow {
    /// The pin as clients see it.
    pub fn view(self, public_url: &str) -> PinnedMessage {
        let message = self.message.view(public_url);
        PinnedMessage { message, pinned_at: self.pinned_at, pinned_by: self.pinned_by }
    }
}

/// How far to move a read mark.
#[derive(Debug, Clone, Object, Deserialize)]
#[oai(example)]
pub struct ReadUpTo {
    /// The last entry that was read, from 0.
    #[oai(validator(minimum(value = "0")))]
    pub seq: i64,
}

impl Example for ReadUpTo {
    fn example() -> Self {
        Self { seq: 41 }
    }
}

/// How far a member has read.
#[derive(Debug, Clone, Object, Serialize)]
pub struct ReadMark {
    /// The member.
    pub user_id: Uuid,
    /// The last entry they have read.
    pub last_read_seq: i64,
    /// When the mark last moved; null when never.
    pub read_at: Option<Timestamp>,
}

impl FromRow for ReadMark {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            user_id: row.try_get("user_id")?,
            last_read_seq: row.try_get("last_read_seq")?,
            read_at: row.try_get("read_at")?,
        })
    }
}

impl Example for MessageChange {
    fn example() -> Self {
        Self { content: "Good morning, everyone".into() }
    }
}

impl Example for Message {
    fn example() -> Self {
        let at = Timestamp(chrono::DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default());
        Self {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0003),
            chat_id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0002),
            seq: 41,
            sender_id: Some(Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0001)),
            kind: "text".into(),
            content: Some("Good morning".into()),
            attachments: vec![],
            reply_to: None,
            mentions: vec![],
            reactions: vec![],
            client_id: Some("a1".into()),
            created_at: at,
            updated_at: at,
            edited_at: None,
            recalled_at: None,
        }
    }
}

impl Example for NewMessage {
    fn example() -> Self {
        Self {
            content: Some("Good morning".into()),
            reply_to: None,
            attachments: None,
            client_id: Some("a1".into()),
            send_at: None,
        }
    }
}

/// How the names that `Idempotency-Key`s give begin.
pub const KEY_PREFIX: &str = "key:";

/// The name a client gave; one that came of an `Idempotency-Key` is nobody's to see.
pub fn shown_client_id(client_id: Option<String>) -> Option<String> {
    client_id.filter(|client_id| !client_id.starts_with(KEY_PREFIX))
}

impl Message {
    /// Fine, or 409 when it was recalled.
    pub fn stands(&self) -> Result<()> {
        match self.recalled_at {
            None => Ok(()),
            Some(_) => Err(Error::new(Code::MessageRecalled, "this message was recalled")),
        }
    }
}

/// What people reacted with, as `reactions_of` answers it.
type Reactions = Json<Vec<Reaction>>;
/// The files that came with it, as `attachments_of` answers them.
type Files = Json<Vec<FileRow>>;

/// How many columns [`MessageRow::from_columns`] reads.
pub const COLUMNS: usize = 15;

/// A message as the tables have it: where its files are fetched is not known yet.
pub struct MessageRow {
    /// All but the attachments.
    pub message: Message,
    files: Vec<FileRow>,
}

impl MessageRow {
    /// Reads the [`COLUMNS`] columns of a message from the one at `first` on, in the order in which every query file
    /// lists them. By place, not by name: this is the hottest row there is.
    pub fn from_columns(row: &Row, first: usize) -> Result<Self> {
        let message = Message {
            chat_id: row.try_get(first)?,
            seq: row.try_get(first + 1)?,
            id: row.try_get(first + 2)?,
            kind: row.try_get(first + 3)?,
            sender_id: row.try_get(first + 4)?,
            content: row.try_get(first + 5)?,
            reply_to: row.try_get(first + 6)?,
            mentions: row.try_get(first + 7)?,
            client_id: shown_client_id(row.try_get(first + 8)?),
            created_at: row.try_get(first + 9)?,
            updated_at: row.try_get(first + 10)?,
            edited_at: row.try_get(first + 11)?,
            recalled_at: row.try_get(first + 12)?,
            attachments: vec![],
            reactions: row
                .try_get::<_, Option<Reactions>>(first + 13)?
                .map(|Json(all)| all)
                .unwrap_or_default(),
        };
        let files = row.try_get::<_, Option<Files>>(first + 14)?.map(|Json(all)| all).unwrap_or_default();
        Ok(Self { message, files })
    }

    /// The message as clients see it.
    pub fn view(self, public_url: &str) -> Message {
        let attachments = self.files.into_iter().map(|file| file.view(public_url)).collect();
        Message { attachments, ..self.message }
    }
}

impl FromRow for MessageRow {
    fn from_row(row: &Row) -> Result<Self> {
        Self::from_columns(row, 0)
    }
}
