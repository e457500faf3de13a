//! The shapes of a member.

use poem_openapi::{Enum, Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{db::FromRow, error::Result, http::sorts, time::Timestamp, users::avatar};

/// What someone is in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[oai(rename = "ChatRole")]
pub enum Role {
    /// Made it, or it was transferred to them; there is one.
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
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
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
#[oai(rename = "ChatRoleChange")]
pub struct RoleChange {
    /// What they are from now on; `creator` transfers the chat.
    pub role: Role,
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
