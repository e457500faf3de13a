//! The shapes of a chat and its members.

mod access;
mod member;
pub mod mute;

use poem_openapi::{
    Enum, Object,
    types::{Example, MaybeUndefined},
};
use serde::{Deserialize, Serialize};
use tokio_postgres::{Row, types::Json};
use uuid::Uuid;

pub use self::access::{Access, Place};
pub use self::member::{Member, MemberRow, MemberSort, NewMember, Role, RoleChange};
use crate::{db::FromRow, error::Result, http::sorts, time::Timestamp, users::avatar};

/// Who may find and enter a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[oai(rename = "ChatVisibility")]
pub enum Visibility {
    /// Anyone signed in.
    #[default]
    Public,
    /// Members alone.
    Private,
}

impl Visibility {
    /// As the column has it.
    pub fn from_column(text: &str) -> Self {
        if text == "public" { Self::Public } else { Self::Private }
    }

    /// As the column takes it.
    pub fn as_column(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
        }
    }
}

/// A chat.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Chat {
    /// Which chat it is, for ever.
    pub id: Uuid,
    /// `group` or `direct`.
    pub kind: String,
    /// Who may find and enter it.
    pub visibility: Visibility,
    /// Its name; null for a direct chat.
    pub title: Option<String>,
    /// What it is about.
    pub description: String,
    /// Where its picture can be fetched; null without one.
    pub image_url: Option<String>,
    /// Its creator; null for a direct chat.
    pub owner_id: Option<Uuid>,
    /// The other one of a direct chat, for its title and picture; absent in a group, in `chat_updated`, which both get, and
    /// in a direct chat with somebody whose account is no more.
    #[oai(skip_serializing_if_is_none)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<Peer>,
    /// How many are in it.
    pub member_count: i32,
    /// The number of the latest entry of its log.
    pub last_seq: i64,
    /// After how many days its messages are removed for ever; absent when they are kept.
    #[oai(skip_serializing_if_is_none)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<i32>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its title, description, visibility, picture, owner or retention last changed.
    pub updated_at: Timestamp,
}

/// The other one of a direct chat.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(rename = "ChatPeer")]
pub struct Peer {
    /// Who it is.
    pub user_id: Uuid,
    /// The name to mention them by.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// Where their picture can be fetched; null without one.
    pub avatar_url: Option<String>,
}

/// A new chat.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewChat {
    /// 1 to 255 characters after trimming, unique among public chats ignoring case.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub title: String,
    /// `public` when left out.
    pub visibility: Option<Visibility>,
    /// What it is about, up to 4,096 characters.
    #[oai(validator(max_length = 4096))]
    pub description: Option<String>,
}

/// With whom to have a direct chat.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
#[oai(rename = "NewDirectChat")]
pub struct NewDirect {
    /// The other one.
    pub user_id: Uuid,
}

sorts! {
    /// In which order chats are listed; `-` is the other way round. `active_at` is when something was last said.
    ChatSort {
        ActiveAt = "active_at",
        #[default]
        ActiveAtDescending = "-active_at",
        Title = "title",
        TitleDescending = "-title",
        MemberCount = "member_count",
        MemberCountDescending = "-member_count",
        CreatedAt = "created_at",
        CreatedAtDescending = "-created_at",
    }
}

/// What of a chat may be changed; what is left out stays.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct ChatChange {
    /// 1 to 255 characters after trimming, unique among public chats ignoring case.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub title: Option<String>,
    /// What it is about, up to 4,096 characters.
    #[oai(validator(max_length = 4096))]
    pub description: Option<String>,
    /// Who may find and enter it.
    pub visibility: Option<Visibility>,
    /// After how many days its messages are removed for ever, 1 to 36,500, and their `client_id`s with them; null keeps
    /// them. By the creator alone.
    #[oai(validator(minimum(value = "1"), maximum(value = "36500")))]
    #[serde(default)]
    pub retention_days: MaybeUndefined<i32>,
}

impl Example for Chat {
    fn example() -> Self {
        let at = Timestamp(chrono::DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default());
        Self {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0002),
            kind: "group".into(),
            visibility: Visibility::Public,
            title: Some("Lobby".into()),
            description: "Where everyone meets".into(),
            image_url: None,
            owner_id: Some(Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0001)),
            peer: None,
            member_count: 2,
            last_seq: 41,
            retention_days: None,
            created_at: at,
            updated_at: at,
        }
    }
}

impl Example for NewChat {
    fn example() -> Self {
        Self { title: "Lobby".into(), visibility: Some(Visibility::Public), description: None }
    }
}

impl Example for NewDirect {
    fn example() -> Self {
        Self { user_id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0004) }
    }
}

impl Example for ChatChange {
    fn example() -> Self {
        Self {
            title: Some("The lobby".into()),
            description: None,
            visibility: None,
            retention_days: MaybeUndefined::Undefined,
        }
    }
}

/// Of a row of `users`, what the other one of a direct chat sees.
#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "what peer_of answers, in sql/functions")]
pub struct PeerRow {
    pub user_id: Uuid,
    pub username: String,
    pub name: String,
    pub avatar_key: Option<String>,
}

/// A row of `chats`.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct ChatRow {
    pub id: Uuid,
    pub kind: String,
    pub visibility: Visibility,
    pub title: Option<String>,
    pub description: String,
    pub image_key: Option<String>,
    pub owner_id: Option<Uuid>,
    pub peer: Option<Json<PeerRow>>,
    pub member_count: i32,
    pub last_seq: i64,
    pub retention_days: Option<i32>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl ChatRow {
    /// The chat as clients see it.
    pub fn view(self, public_url: &str) -> Chat {
        Chat {
            id: self.id,
            kind: self.kind,
            visibility: self.visibility,
            title: self.title,
            description: self.description,
            image_url: avatar::url(public_url, self.image_key.as_deref()),
            owner_id: self.owner_id,
            peer: self.peer.map(|Json(peer)| Peer {
                user_id: peer.user_id,
                username: peer.username,
                name: peer.name,
                avatar_url: avatar::url(public_url, peer.avatar_key.as_deref()),
            }),
            member_count: self.member_count,
            last_seq: self.last_seq,
            retention_days: self.retention_days,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

impl FromRow for ChatRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            kind: row.try_get("kind")?,
            visibility: Visibility::from_column(row.try_get("visibility")?),
            title: row.try_get("title")?,
            description: row.try_get("description")?,
            image_key: row.try_get("image_key")?,
            owner_id: row.try_get("owner_id")?,
            peer: row.try_get("peer")?,
            member_count: row.try_get("member_count")?,
            last_seq: row.try_get("last_seq")?,
            retention_days: row.try_get("retention_days")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}
