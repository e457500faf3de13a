//! The shapes of a comment.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{db::FromRow, error::Result, http::sorts, time::Timestamp};

/// The most characters of a comment.
pub const CONTENT: usize = 4_096;

sorts! {
    /// The order of comments.
    CommentSort {
        #[default]
        Newest = "-created_at",
        Oldest = "created_at",
    }
}

/// What is commented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// This event.
    Event(Uuid),
    /// This post.
    Post(Uuid),
}

impl Place {
    /// Its id, whatever it is.
    pub fn id(self) -> Uuid {
        match self {
            Self::Event(id) | Self::Post(id) => id,
        }
    }

    /// Its id if it is an event.
    pub fn event_id(self) -> Option<Uuid> {
        match self {
            Self::Event(id) => Some(id),
            Self::Post(_) => None,
        }
    }

    /// Its id if it is a post.
    pub fn post_id(self) -> Option<Uuid> {
        match self {
            Self::Post(id) => Some(id),
            Self::Event(_) => None,
        }
    }

    /// What it is, in the words of the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Event(_) => "event",
            Self::Post(_) => "post",
        }
    }
}

/// What somebody writes about it.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewComment {
    /// What it says: 1 to 4,096 characters, not blank.
    #[oai(validator(min_length = 1, max_length = 4096))]
    pub content: String,
}

/// A comment.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
#[oai(rename = "UserComment")]
pub struct Comment {
    /// Which comment it is.
    pub id: Uuid,
    /// The event it is on; null when it is on a post.
    pub event_id: Option<Uuid>,
    /// The post it is on; null when it is on an event.
    pub post_id: Option<Uuid>,
    /// Who wrote it; an id that names nobody when they are erased.
    pub owner_id: Uuid,
    /// What it says.
    pub content: String,
    /// When it was written.
    pub created_at: Timestamp,
}

/// When the comments were written that are wanted; `None` is any time.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Not before.
    pub from: Option<Timestamp>,
    /// Not after.
    pub to: Option<Timestamp>,
}

impl FromRow for Comment {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            event_id: row.try_get("event_id")?,
            post_id: row.try_get("post_id")?,
            owner_id: row.try_get("owner_id")?,
            content: row.try_get("content")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

/// What a comment is on, as far as it matters to comments.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the columns of the tables, described in sql/")]
pub struct PlaceRow {
    pub owner_id: Uuid,
    pub comment_count: i32,
}

impl FromRow for PlaceRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { owner_id: row.try_get("owner_id")?, comment_count: row.try_get("comment_count")? })
    }
}

impl Example for NewComment {
    fn example() -> Self {
        Self { content: "We will be there!".into() }
    }
}

impl Example for Comment {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0021),
            event_id: None,
            post_id: Some(Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0020)),
            owner_id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0002),
            content: NewComment::example().content,
            created_at: Timestamp(chrono::DateTime::from_timestamp(1_780_000_100, 0).unwrap_or_default()),
        }
    }
}
