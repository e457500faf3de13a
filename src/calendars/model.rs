//! The shapes of a calendar.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{db::FromRow, error::Result, time::Timestamp};

/// Where a calendar is read.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct CalendarAddress {
    /// The address to subscribe to. Told this once: whoever knows it sees what its owner attends.
    pub url: String,
}

impl Example for CalendarAddress {
    fn example() -> Self {
        let url = "https://chat.example.com/api/v1/calendars/uS3mC1bq0h9Zk9yJ2V4YW1wbGUgYWRkcmVzcyE.ics";
        Self { url: url.into() }
    }
}

/// An event as a calendar shows it.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the tables, described in sql/")]
pub struct EventRow {
    pub id: Uuid,
    pub name: String,
    pub description: String,
    pub event_time: Timestamp,
    pub timezone: String,
    /// How long it takes.
    pub minutes: i32,
    pub owner_id: Option<Uuid>,
    pub owner_name: Option<String>,
    pub sequence: i32,
    pub changed_at: Timestamp,
    pub is_cancelled: bool,
}

impl FromRow for EventRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            event_time: row.try_get("event_time")?,
            timezone: row.try_get("timezone")?,
            minutes: row.try_get("minutes")?,
            owner_id: row.try_get("owner_id")?,
            owner_name: row.try_get("owner_name")?,
            sequence: row.try_get("sequence")?,
            changed_at: row.try_get("changed_at")?,
            is_cancelled: row.try_get("is_cancelled")?,
        })
    }
}
