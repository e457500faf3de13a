//! The shapes of a chat and its members.

use poem_openapi::{
    Enum, Object,
    types::{Example, MaybeUndefined},
};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{db::FromRow, error::Result, http::sorts, time::Timestamp, users::avatar};

/// Who may find and enter a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
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

/// What someone is in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Made it, or was handed it; there is one.
    Creator,
    /// Helps to run it.
    Admin,
    /// Takes part.
    Member,
}

impl Role {
    /// As the column has it.
    pub fn from_column(text: &str) -> Self {
        match text {
            "creator" => Self::Creator,
            "admin" => Self::Admin,
            _ => Self::Member,
        }
    }

    /// As the column takes it.
    pub fn as_column(self) -> &'static str {
        match self {
            Self::Creator => "creator",
            Self::Admin => "admin",
            Self::Member => "member",
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
    /// After how many days its messages are removed for ever, 1 to 36,500; null keeps them. By the creator alone.
    #[oai(validator(minimum(value = "1"), maximum(value = "36500")))]
    #[serde(default)]
    pub retention_days: MaybeUndefined<i32>,
}

/// Someone in a chat.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Member {
    /// Who it is.
    pub user_id: Uuid,
    /// The name to mention them by.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// Where their picture can be fetched; null without one.
    pub avatar_url: Option<String>,
    /// What they are in the chat.
    pub role: Role,
    /// How far they have read.
    pub last_read_seq: i64,
    /// Since when they are in it.
    pub joined_at: Timestamp,
}

/// Somebody to make a member.
#[derive(Debug, Clone, Object, Deserialize)]
#[oai(example)]
pub struct NewMember {
    /// Who it is.
    pub user_id: Uuid,
    /// `member` when left out; `admin` by the creator alone.
    pub role: Option<Role>,
}

/// Another role for a member.
#[derive(Debug, Clone, Object, Deserialize)]
#[oai(example)]
pub struct RoleChange {
    /// What they are from now on; `creator` hands the chat over.
    pub role: Role,
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

impl Example for Member {
    fn example() -> Self {
        Self {
            user_id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0001),
            username: "alice".into(),
            name: "Alice".into(),
            avatar_url: None,
            role: Role::Member,
            last_read_seq: 41,
            joined_at: Timestamp(chrono::DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default()),
        }
    }
}

impl Example for NewMember {
    fn example() -> Self {
        Self { user_id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0004), role: Some(Role::Member) }
    }
}

impl Example for RoleChange {
    fn example() -> Self {
        Self { role: Role::Admin }
    }
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
            member_count: row.try_get("member_count")?,
            last_seq: row.try_get("last_seq")?,
            retention_days: row.try_get("retention_days")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

/// A row of `members`, with the profile.
#[derive(Debug, Clone)]
pub struct MemberRow {
    member: Member,
    avatar_key: Option<String>,
}

impl MemberRow {
    /// What they are in the chat.
    pub fn role(&self) -> Role {
        self.member.role
    }

    /// The member as clients see it.
    pub fn view(mut self, public_url: &str) -> Member {
        self.member.avatar_url = avatar::url(public_url, self.avatar_key.as_deref());
        self.member
    }
}

impl FromRow for MemberRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            avatar_key: row.try_get("avatar_key")?,
            member: Member {
                user_id: row.try_get("user_id")?,
                username: row.try_get("username")?,
                name: row.try_get("name")?,
                avatar_url: None,
                role: Role::from_column(row.try_get("role")?),
                last_read_seq: row.try_get("last_read_seq")?,
                joined_at: row.try_get("joined_at")?,
            },
        })
    }
}

sorts! {
    /// In which order members are listed; `-` is the other way round. By `role` the creator comes first, then admins.
    MemberSort {
        #[default]
        JoinedAt = "joined_at",
        JoinedAtDescending = "-joined_at",
        Name = "name",
        NameDescending = "-name",
        Username = "username",
        UsernameDescending = "-username",
        Role = "role",
        RoleDescending = "-role",
    }
}

/// Which members to list, and in which order.
#[derive(Debug, Clone, Copy)]
pub struct WantedMembers<'a> {
    /// Patterns of which every one must occur in name or username.
    pub patterns: &'a [String],
    /// In which order.
    pub sort: MemberSort,
    /// How many.
    pub limit: i64,
    /// How many to pass over.
    pub offset: i64,
}
