//! The shapes of an announcement: what many people are told by a job.

use poem_openapi::{Enum, Object, types::Example};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::FromRow,
    error::{Error, Result},
    time::Timestamp,
};

/// How far an announcement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum AnnouncementStatus {
    /// Nobody was told yet.
    Queued,
    /// Some were told.
    Running,
    /// All were told.
    Succeeded,
    /// It was given up; those who were told were told.
    Failed,
    /// It was taken back before it began.
    Cancelled,
}

/// What many people are told by a job.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Announcement {
    /// Which one it is: the id of the job.
    pub id: Uuid,
    /// How far it is.
    pub status: AnnouncementStatus,
    /// How many people were processed so far.
    pub done: i64,
    /// How many people there are to be told; null until it has begun.
    pub total: Option<i64>,
    /// Why its latest attempt failed; null where none did.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended; null until then.
    pub finished_at: Option<Timestamp>,
}

impl FromRow for Announcement {
    fn from_row(row: &Row) -> Result<Self> {
        let status: String = row.try_get("status")?;
        let progress = Progress::read(row.try_get::<_, Option<Value>>("result")?.as_ref());
        Ok(Self {
            id: row.try_get("id")?,
            status: serde_json::from_value(Value::String(status)).map_err(Error::internal)?,
            done: progress.done,
            total: progress.total,
            error: row.try_get("error")?,
            created_at: row.try_get("created_at")?,
            finished_at: row.try_get("finished_at")?,
        })
    }
}

impl Example for Announcement {
    fn example() -> Self {
        let at = |seconds| Timestamp(chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default());
        Self {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0012),
            status: AnnouncementStatus::Running,
            done: 1500,
            total: Some(4200),
            error: None,
            created_at: at(1_780_000_000),
            finished_at: None,
        }
    }
}

/// How far it has got: kept as the result of the job.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub struct Progress {
    /// Everybody up to this id was told.
    #[serde(default)]
    pub after: Uuid,
    /// How many were processed so far.
    #[serde(default)]
    pub done: i64,
    /// How many there are; `None` until it has begun.
    pub total: Option<i64>,
}

impl Progress {
    /// What a job has noted.
    pub fn read(result: Option<&Value>) -> Self {
        result.and_then(|result| serde_json::from_value(result.clone()).ok()).unwrap_or_default()
    }
}
