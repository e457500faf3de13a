//! The shapes of a block.

use poem_openapi::Object;
use serde::Serialize;
use tokio_postgres::Row;

use crate::{
    db::FromRow,
    error::{Code, Error, Result},
    http::sorts,
    time::Timestamp,
    users::{User, model::SeenRow},
};

/// Somebody the caller has blocked.
#[derive(Debug, Clone, Object, Serialize)]
pub struct Block {
    /// Who is blocked.
    pub user: User,
    /// Since when.
    pub since: Timestamp,
}

sorts! {
    /// In which order blocks are listed; `-` is the other way round.
    BlockSort {
        Since = "since",
        #[default]
        SinceDescending = "-since",
        Name = "name",
        NameDescending = "-name",
        Username = "username",
        UsernameDescending = "-username",
    }
}

/// Which of two people has blocked the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one who asks has.
    Own,
    /// The other one has.
    Theirs,
}

impl Side {
    /// As `block_between` answers it.
    pub fn from_column(text: &str) -> Self {
        if text == "blocking" { Self::Own } else { Self::Theirs }
    }

    /// What the one who asks is told: 403.
    pub fn refusal(self) -> Error {
        Error::new(
            Code::Blocked,
            match self {
                Self::Own => "you have blocked this person; unblock them first",
                Self::Theirs => "this person has blocked you",
            },
        )
    }
}

/// A row of `blocks`, with whom it is about.
pub struct BlockRow {
    /// Who is blocked.
    pub seen: SeenRow,
    /// Since when.
    pub since: Timestamp,
}

impl FromRow for BlockRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { seen: SeenRow::from_row(row)?, since: row.try_get("since")? })
    }
}
