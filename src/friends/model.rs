//! The shapes of a friendship.

use poem_openapi::{Enum, Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::FromRow,
    error::Result,
    http::sorts,
    time::Timestamp,
    users::{User, model::SeenRow},
};

/// Somebody who is a friend of the caller.
#[derive(Debug, Clone, Object, Serialize)]
pub struct Friend {
    /// Who it is.
    pub user: User,
    /// Since when the two are friends.
    pub since: Timestamp,
}

/// Who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[oai(rename = "RequestDirection")]
pub enum Direction {
    /// The other one.
    Incoming,
    /// The caller.
    Outgoing,
}

impl Direction {
    /// As seen by someone, of what somebody asked.
    pub fn of(asked_by: Uuid, user_id: Uuid) -> Self {
        if asked_by == user_id { Self::Outgoing } else { Self::Incoming }
    }
}

/// A request that nobody has accepted yet.
#[derive(Debug, Clone, Object, Serialize)]
pub struct FriendRequest {
    /// The other one.
    pub user: User,
    /// Who asked: `incoming` is for the caller to accept, by asking, too.
    pub direction: Direction,
    /// When it was asked.
    pub created_at: Timestamp,
}

/// Whom to befriend.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewFriend {
    /// Who; not oneself.
    pub user_id: Uuid,
}

/// What asking came to: a request that stands, or a friendship.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(rename = "Friendship")]
pub struct Asked {
    /// The other one.
    pub user: User,
    /// Who asked first.
    pub direction: Direction,
    /// When they did.
    pub created_at: Timestamp,
    /// Since when the two are friends; null while it is a request.
    pub since: Option<Timestamp>,
}

sorts! {
    /// In which order friends are listed; `-` is the other way round.
    FriendSort {
        #[default]
        Name = "name",
        NameDescending = "-name",
        Username = "username",
        UsernameDescending = "-username",
        Since = "since",
        SinceDescending = "-since",
    }
}

sorts! {
    /// In which order requests are listed; `-` is the other way round.
    RequestSort {
        CreatedAt = "created_at",
        #[default]
        CreatedAtDescending = "-created_at",
        Name = "name",
        NameDescending = "-name",
        Username = "username",
        UsernameDescending = "-username",
    }
}

impl Example for NewFriend {
    fn example() -> Self {
        Self { user_id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0001) }
    }
}

/// What two people are to each other: one has asked the other, or they are friends.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct Relation {
    pub asked_by: Uuid,
    pub created_at: Timestamp,
    pub accepted_at: Option<Timestamp>,
}

impl FromRow for Relation {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            asked_by: row.try_get("asked_by")?,
            created_at: row.try_get("created_at")?,
            accepted_at: row.try_get("accepted_at")?,
        })
    }
}

/// A friendship, with the other one.
pub struct FriendRow {
    /// The other one.
    pub seen: SeenRow,
    /// Since when.
    pub since: Timestamp,
}

impl FromRow for FriendRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { seen: SeenRow::from_row(row)?, since: row.try_get("since")? })
    }
}

/// A request, with the other one.
pub struct RequestRow {
    /// The other one.
    pub seen: SeenRow,
    /// Who asked.
    pub asked_by: Uuid,
    /// When.
    pub asked_at: Timestamp,
}

impl FromRow for RequestRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            seen: SeenRow::from_row(row)?,
            asked_by: row.try_get("asked_by")?,
            asked_at: row.try_get("asked_at")?,
        })
    }
}
