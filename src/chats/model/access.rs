//! What someone is to a chat.

use tokio_postgres::Row;
use uuid::Uuid;

use super::{Role, Visibility};
use crate::{blocks::Side, chats::Position, db::FromRow, error::Result};

/// What someone is to a chat they may enter.
#[derive(Debug, Clone, Copy)]
pub struct Access {
    /// Who else may enter.
    pub visibility: Visibility,
    /// Whether it is the chat between two people.
    pub direct: bool,
    /// The number of the oldest entry of its log that is held, as the check saw it.
    pub first_seq: i64,
    /// The number of the latest entry.
    pub last_seq: i64,
    /// How many messages it holds.
    pub message_count: i64,
    /// Their role, if they are a member.
    pub role: Option<Role>,
    /// Which of the two has blocked the other, in a direct chat.
    pub block: Option<Side>,
    /// They are kept out.
    pub is_banned: bool,
}

impl FromRow for Access {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            visibility: Visibility::from_column(row.try_get("visibility")?),
            direct: row.try_get::<_, &str>("kind")? == "direct",
            first_seq: row.try_get("first_seq")?,
            last_seq: row.try_get("last_seq")?,
            message_count: row.try_get("message_count")?,
            role: row.try_get::<_, Option<&str>>("role")?.map(Role::from_column),
            block: row.try_get::<_, Option<&str>>("block")?.map(Side::from_column),
            is_banned: row.try_get("is_banned")?,
        })
    }
}

impl Access {
    /// Whether they may read the chat and watch it.
    pub fn may_enter(&self) -> bool {
        !self.is_banned && (self.role.is_some() || self.is_open())
    }

    /// Whether anyone may who is not banned.
    pub(in crate::chats) fn is_open(&self) -> bool {
        self.visibility == Visibility::Public && !self.direct
    }

    /// The oldest entry there is to read; the latest one when a retention has removed them all.
    pub fn oldest_seq(&self) -> i64 {
        self.first_seq.min(self.last_seq)
    }

    /// Whether everything after this entry is held, and the log has come that far.
    pub fn holds_after(&self, seq: i64) -> bool {
        (self.first_seq - 1..=self.last_seq).contains(&seq)
    }

    /// Fine, or 403 in a direct chat when one of the two has blocked the other: what was said can be read, and taken back,
    /// but nothing new comes through.
    pub fn require_posting(&self) -> Result<()> {
        match self.block {
            None => Ok(()),
            Some(side) => Err(side.refusal()),
        }
    }
}

/// What someone is to a chat, and where its log stood when that was asked.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// What they are.
    pub access: Access,
    /// The latest entry.
    pub last: Position,
    /// Which entry stands at the place that was asked about.
    pub known_id: Option<Uuid>,
}

impl Place {
    /// `None` where there is no such chat.
    pub fn from_row(row: &Row) -> Result<Option<Self>> {
        if row.try_get::<_, Option<&str>>("kind")?.is_none() {
            return Ok(None);
        }
        let access = Access::from_row(row)?;
        let last = Position { seq: access.last_seq, id: row.try_get("last_id")? };
        Ok(Some(Self { access, last, known_id: row.try_get("known_id")? }))
    }
}
