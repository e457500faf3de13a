//! The shapes of a post.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::FromRow,
    error::Result,
    http::{Search, sorts},
    time::Timestamp,
};

/// The most characters of the text of a post.
pub const CONTENT: usize = 65_536;
/// How many of them a list shows.
pub const SHOWN: i32 = 4_096;

sorts! {
    /// The order of posts.
    PostSort {
        #[default]
        Newest = "-created_at",
        Oldest = "created_at",
        Title = "title",
        TitleDescending = "-title",
    }
}

/// What somebody writes.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewPost {
    /// What it is called: 1 to 255 characters in one line.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub title: String,
    /// What it says: 1 to 65,536 characters, not blank. It is plain text to the server, and kept as it came.
    #[oai(validator(min_length = 1, max_length = 65_536))]
    pub content: String,
}

/// A post.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Post {
    /// Which post it is.
    pub id: Uuid,
    /// Who wrote it; an id that names nobody when they are erased.
    pub owner_id: Uuid,
    /// What it is called.
    pub title: String,
    /// What it says. In a list it ends after 4,096 characters.
    pub content: String,
    /// True where a list shows only the beginning of `content`; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_is_cut: Option<bool>,
    /// How many comments there are on it.
    pub comment_count: i32,
    /// When it was written.
    pub created_at: Timestamp,
    /// When `title` or `content` last changed.
    pub updated_at: Timestamp,
}

/// Which posts are wanted; `None` is any.
#[derive(Debug, Clone)]
pub struct Filter {
    /// With these words.
    pub search: Search,
    /// Written by this person.
    pub owner_id: Option<Uuid>,
    /// Not written before.
    pub from: Option<Timestamp>,
    /// Not written after.
    pub to: Option<Timestamp>,
}

impl Filter {
    /// Whether every post is wanted.
    pub fn is_any(&self) -> bool {
        self.search.longest().is_none() && self.owner_id.is_none() && self.from.is_none() && self.to.is_none()
    }
}

impl FromRow for Post {
    fn from_row(row: &Row) -> Result<Self> {
        let is_cut: bool = row.try_get("content_is_cut")?;
        Ok(Self {
            id: row.try_get("id")?,
            owner_id: row.try_get("owner_id")?,
            title: row.try_get("title")?,
            content: row.try_get("content")?,
            content_is_cut: is_cut.then_some(true),
            comment_count: row.try_get("comment_count")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

impl Example for NewPost {
    fn example() -> Self {
        Self {
            title: "The garden opens in May".into(),
            content: "From the first of May on the garden is open every day.".into(),
        }
    }
}

impl Example for Post {
    fn example() -> Self {
        let at = |seconds| Timestamp(chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default());
        let NewPost { title, content } = NewPost::example();
        Self {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0020),
            owner_id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0001),
            title,
            content,
            content_is_cut: None,
            comment_count: 2,
            created_at: at(1_780_000_000),
            updated_at: at(1_780_000_000),
        }
    }
}
