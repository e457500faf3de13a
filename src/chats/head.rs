//! Where the log of a chat stands, and the proof that it is the same log as before.

use tokio_postgres::Row;
use uuid::Uuid;

use crate::{db::FromRow, error::Result};

/// A place in a log, and the entry that stands there. A number alone does not say which history it belongs to: after a
/// restored backup, or a failover that lost its tail, the same number is another entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The number of the entry; 0 is before the first.
    pub seq: i64,
    /// Which entry it is; `None` where none is known there: before the first, or removed by a retention.
    pub id: Option<Uuid>,
}

impl Position {
    /// Before the first entry.
    pub const START: Self = Self { seq: 0, id: None };

    /// Whether another entry stands there than this one. What is not known contradicts nothing.
    pub fn contradicts(&self, stands: Option<Uuid>) -> bool {
        matches!((self.id, stands), (Some(one), Some(other)) if one != other)
    }
}

/// Where the log of a chat begins and ends.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    /// The chat.
    pub chat_id: Uuid,
    /// The number of the oldest entry that is held; that of the next one when none is.
    pub first_seq: i64,
    /// The latest entry; number 0 when there never was one.
    pub last: Position,
    /// Which entry stands at the place that was asked about.
    pub known_id: Option<Uuid>,
    /// Anyone may read it.
    pub is_open: bool,
}

impl Head {
    /// The oldest entry there is to read; the latest one when a retention has removed them all.
    pub fn oldest_seq(&self) -> i64 {
        self.first_seq.min(self.last.seq)
    }

    /// Whether a log that was read up to here, and asked about there, is another one now: shorter, or with another entry.
    pub fn is_another_than(&self, read: Position) -> bool {
        read.seq > self.last.seq || read.contradicts(self.known_id)
    }
}

impl FromRow for Head {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            chat_id: row.try_get("id")?,
            first_seq: row.try_get("first_seq")?,
            last: Position { seq: row.try_get("last_seq")?, id: row.try_get("last_id")? },
            known_id: row.try_get("known_id")?,
            is_open: row.try_get("is_open")?,
        })
    }
}

/// A chat someone is in, and where its log stands.
#[derive(Debug, Clone, Copy)]
pub struct ChatHead {
    /// The chat.
    pub chat_id: Uuid,
    /// The latest entry.
    pub last: Position,
}

impl FromRow for ChatHead {
    fn from_row(row: &Row) -> Result<Self> {
        let last = Position { seq: row.try_get("last_seq")?, id: row.try_get("last_id")? };
        Ok(Self { chat_id: row.try_get("id")?, last })
    }
}
