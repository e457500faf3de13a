//! The shapes of a muted chat.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;

use crate::{db::FromRow, error::Result, time::Timestamp};

/// For how long a chat is to be quiet.
#[derive(Debug, Clone, Default, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewMute {
    /// Until when, in the future; until it is ended when left out.
    pub until: Option<Timestamp>,
}

/// Whether the caller has muted a chat.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(example)]
#[oai(rename = "ChatMute")]
pub struct Mute {
    /// Whether it is muted now.
    pub muted: bool,
    /// Until when; null until it is ended, and where it is not muted.
    pub until: Option<Timestamp>,
    /// Since when; null where it is not muted.
    pub since: Option<Timestamp>,
}

impl FromRow for Mute {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { muted: true, until: row.try_get("until")?, since: Some(row.try_get("created_at")?) })
    }
}

impl Mute {
    /// That of a chat in a list, whose row has it among its columns.
    pub fn in_list(row: &Row) -> Result<Option<Self>> {
        let since: Option<Timestamp> = row.try_get("muted_since")?;
        let until = row.try_get("mute_until")?;
        Ok(since.map(|since| Self { muted: true, until, since: Some(since) }))
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp(chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default())
}

impl Example for NewMute {
    fn example() -> Self {
        Self { until: Some(at(1_780_086_400)) }
    }
}

impl Example for Mute {
    fn example() -> Self {
        Self { muted: true, until: Some(at(1_780_086_400)), since: Some(at(1_780_000_000)) }
    }
}
