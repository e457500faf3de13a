//! The shapes of a notification.

pub mod announcement;
pub mod preferences;

use poem_openapi::{Enum, Object, types::Example};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::FromRow,
    error::{Error, Result},
    time::Timestamp,
};

macro_rules! kinds {
    ($($(#[doc = $about:literal])* $kind:ident = $word:literal,)*) => {
        /// What a notification is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
        pub enum NotificationKind {
            $($(#[doc = $about])* #[oai(rename = $word)] #[serde(rename = $word)] $kind,)*
        }

        impl NotificationKind {
            /// Every kind there is.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            /// As the column and the API have it.
            pub fn word(self) -> &'static str {
                match self { $(Self::$kind => $word,)* }
            }
        }
    };
}

kinds! {
    /// Somebody wants to be my friend.
    FriendRequest = "friend_request",
    /// Somebody accepted my friend request.
    FriendAccepted = "friend_accepted",
    /// Somebody mentioned me in a chat.
    Mention = "mention",
    /// Somebody replied to a message of mine.
    Reply = "reply",
    /// Somebody added me to a chat.
    ChatAdded = "chat_added",
    /// Somebody commented on an event or a post of mine.
    Comment = "comment",
    /// Somebody bought tickets for an event of mine.
    TicketBought = "ticket_bought",
    /// An event that I hold a ticket for was changed or cancelled.
    EventChanged = "event_changed",
    /// An event of mine, or one that I hold a ticket for, begins soon.
    EventSoon = "event_soon",
    /// A place is free for me at an event that I wait for.
    PlaceFree = "place_free",
    /// A scheduled message of mine was not sent.
    ScheduledFailed = "scheduled_failed",
    /// An administrator has something to say.
    Message = "message",
}

impl NotificationKind {
    /// Reads the column.
    pub fn from_column(text: &str) -> Result<Self> {
        let known = Self::ALL.iter().copied().find(|kind| kind.word() == text);
        known.ok_or_else(|| Error::internal(format!("a notification of the kind {text}")))
    }
}

/// Whose doing a notification is.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct NotificationSender {
    /// Who.
    pub id: Uuid,
    /// The name to show.
    pub name: String,
}

/// Something that its recipient is told.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
#[oai(rename = "UserNotification")]
pub struct Notification {
    /// Which notification it is.
    pub id: Uuid,
    /// What it is about.
    pub kind: NotificationKind,
    /// The sentence to show after the sender's name. It holds no words of a chat: load the message for these, so that what
    /// was recalled is not shown.
    pub message: String,
    /// Whose doing it is; null for the server's, and when they are gone.
    pub sender: Option<NotificationSender>,
    /// What it is about, by kind: `chat_id`, `message_id` and `seq`, `user_id`, `event_id` …
    pub data: Value,
    /// When it happened.
    pub created_at: Timestamp,
    /// When it was read; null until then.
    pub read_at: Option<Timestamp>,
}

impl FromRow for Notification {
    fn from_row(row: &Row) -> Result<Self> {
        let (id, name): (Option<Uuid>, Option<String>) =
            (row.try_get("sender_id")?, row.try_get("sender_name")?);
        Ok(Self {
            id: row.try_get("id")?,
            kind: NotificationKind::from_column(row.try_get("kind")?)?,
            message: row.try_get("message")?,
            sender: id.zip(name).map(|(id, name)| NotificationSender { id, name }),
            data: row.try_get("data")?,
            created_at: row.try_get("created_at")?,
            read_at: row.try_get("read_at")?,
        })
    }
}

/// A page of the caller's notifications.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(rename = "UserNotificationList")]
pub struct NotificationList {
    /// The page, the newest first.
    pub items: Vec<Notification>,
    /// How many there are without `limit` and `offset`. With `kind` it is exact up to 1,000, and 1,000 beyond.
    pub total: i64,
    /// False where there are more than `total` says; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_is_exact: Option<bool>,
    /// How many the caller has not read, of all kinds. It is exact up to 999; 1000 means that or more.
    pub unread_count: i64,
}

/// Which of the caller's notifications are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Of this kind alone.
    pub kind: Option<NotificationKind>,
    /// Those alone that were not read.
    pub unread: bool,
}

/// What an administrator has to say, and to whom: exactly one of the three.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewNotification {
    /// One person: it is done at once.
    pub recipient_id: Option<Uuid>,
    /// Several people, 1 to 1,000: a job does it.
    #[oai(validator(min_items = 1, max_items = 1000))]
    pub recipient_ids: Option<Vec<Uuid>>,
    /// `true` for everybody: a job does it.
    pub everyone: Option<bool>,
    /// The sentence that they are told, 1 to 4,096 characters.
    #[oai(validator(min_length = 1, max_length = 4096))]
    pub message: String,
}

impl Example for Notification {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0011),
            kind: NotificationKind::Mention,
            message: "mentioned you".into(),
            sender: Some(NotificationSender {
                id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_000b),
                name: "Bob".into(),
            }),
            data: json!({
                "chat_id": "01991f00-0000-7000-8000-00000000000c",
                "message_id": "01991f00-0000-7000-8000-000000000042",
                "seq": 42,
            }),
            created_at: Timestamp(chrono::DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default()),
            read_at: None,
        }
    }
}

impl Example for NewNotification {
    fn example() -> Self {
        Self {
            recipient_id: Some(Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_000b)),
            recipient_ids: None,
            everyone: None,
            message: "The server is down for maintenance tonight from 22:00 to 22:10 UTC".into(),
        }
    }
}

/// How many somebody has, as a list tells it.
pub struct Counts {
    /// Unread ones; 1000 is that or more.
    pub unread_count: i64,
    /// Those that the filter lets through; of a kind 1,001 is that or more.
    pub total: i64,
}

impl FromRow for Counts {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { unread_count: row.try_get("unread_count")?, total: row.try_get("total")? })
    }
}

/// A notification on its way to a socket.
pub struct News {
    /// For which of those that were asked about, from 0.
    pub place: usize,
    /// Its number among those of its recipient.
    pub seq: i64,
    /// Whether the recipient wants it at once.
    pub live: bool,
    /// The notification.
    pub notification: Notification,
}

impl FromRow for News {
    fn from_row(row: &Row) -> Result<Self> {
        let place: i64 = row.try_get("place")?;
        Ok(Self {
            place: usize::try_from(place - 1).map_err(Error::internal)?,
            seq: row.try_get("seq")?,
            live: row.try_get("live")?,
            notification: Notification::from_row(row)?,
        })
    }
}

/// What somebody has read.
pub struct ReadState {
    /// Who.
    pub user_id: Uuid,
    /// All up to this number.
    pub up_to_seq: i64,
    /// How many are left; 1000 is that or more.
    pub unread_count: i64,
}

impl FromRow for ReadState {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            user_id: row.try_get("user_id")?,
            up_to_seq: row.try_get("up_to_seq")?,
            unread_count: row.try_get("unread_count")?,
        })
    }
}
