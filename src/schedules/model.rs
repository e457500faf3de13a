//! The shapes of a schedule.

mod asked;

use poem_openapi::{Enum, Object, types::Example};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::Row;
use uuid::Uuid;

pub use asked::{Filter, NewSchedule, ScheduleChange, ScheduleSort};

use crate::{db::FromRow, error::Result, time::Timestamp};

/// What happens when the time of a schedule has come and its last job is not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case", rename = "ScheduleOverlap")]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// This time is left out.
    #[default]
    Skip,
    /// Another job is queued, and runs when the last one is over.
    Queue,
}

impl Overlap {
    /// As the column has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Queue => "queue",
        }
    }
}

/// What the sun does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum SolarEvent {
    /// Its upper edge comes up.
    Sunrise,
    /// Its upper edge goes down.
    Sunset,
    /// It is highest.
    Noon,
    /// It is 6 degrees below the horizon, in the morning.
    CivilDawn,
    /// It is 6 degrees below the horizon, in the evening.
    CivilDusk,
    /// It is 12 degrees below the horizon, in the morning.
    NauticalDawn,
    /// It is 12 degrees below the horizon, in the evening.
    NauticalDusk,
    /// It is 18 degrees below the horizon, in the morning.
    AstronomicalDawn,
    /// It is 18 degrees below the horizon, in the evening.
    AstronomicalDusk,
}

/// By the sun, at a place. Where the sun does not rise, or does not set, for a while, nothing is due meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Solar {
    /// What it does.
    pub event: SolarEvent,
    /// Degrees north, -90 to 90.
    #[oai(validator(minimum(value = "-90"), maximum(value = "90")))]
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    #[oai(validator(minimum(value = "-180"), maximum(value = "180")))]
    pub longitude: f64,
}

/// A schedule.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Schedule {
    /// Which schedule it is, for ever.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// What each of its jobs does.
    pub task: String,
    /// What each of its jobs is given.
    pub args: Value,
    /// By the clock of `timezone`; null where it is not.
    pub cron: Option<String>,
    /// At a pace of so many seconds; null where it is not.
    pub every_seconds: Option<i32>,
    /// By the sun; null where it is not.
    pub solar: Option<Solar>,
    /// Where the clock of `cron` hangs.
    pub timezone: String,
    /// Whether it runs.
    pub enabled: bool,
    /// What happens when its time has come and its last job is not over.
    pub overlap: Overlap,
    /// Whether it came with the server. Such a one can be switched off, and nothing else.
    pub built_in: bool,
    /// When it queued a job last; null before it has.
    pub last_run_at: Option<Timestamp>,
    /// When it will next; null when it is switched off, or nothing is to come.
    pub next_run_at: Option<Timestamp>,
    /// Why it has no next time, where somebody wrote what cannot be read in SQL; null otherwise.
    pub error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When somebody changed it last.
    pub updated_at: Timestamp,
}

impl FromRow for Schedule {
    fn from_row(row: &Row) -> Result<Self> {
        let solar: Option<Value> = row.try_get("solar")?;
        let overlap: String = row.try_get("overlap")?;
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            task: row.try_get("task")?,
            args: row.try_get("args")?,
            cron: row.try_get("cron")?,
            every_seconds: row.try_get("every_seconds")?,
            // A rule of the table sees to it that this can be read.
            solar: solar.and_then(|solar| serde_json::from_value(solar).ok()),
            timezone: row.try_get("timezone")?,
            enabled: row.try_get("enabled")?,
            overlap: if overlap == "queue" { Overlap::Queue } else { Overlap::Skip },
            built_in: row.try_get("built_in")?,
            last_run_at: row.try_get("last_run_at")?,
            next_run_at: row.try_get("next_run_at")?,
            error: row.try_get("error")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

/// What became of a time that had come.
#[derive(Debug, Clone, Copy)]
pub struct Fired {
    /// Whether it was this instance that did it.
    pub is_first: bool,
    /// How many jobs were queued.
    pub queued: i64,
}

impl FromRow for Fired {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { is_first: row.try_get("is_first")?, queued: row.try_get("queued")? })
    }
}

impl Example for Solar {
    fn example() -> Self {
        Self { event: SolarEvent::Sunset, latitude: 52.52, longitude: 13.405 }
    }
}

impl Example for Schedule {
    fn example() -> Self {
        let at = |seconds| Timestamp(chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default());
        Self {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0022),
            name: "Every working day".into(),
            task: "echo".into(),
            args: json!({"greeting": "Good morning"}),
            cron: Some("30 6 * * 1-5".into()),
            every_seconds: None,
            solar: None,
            timezone: "Europe/Berlin".into(),
            enabled: true,
            overlap: Overlap::Skip,
            built_in: false,
            last_run_at: Some(at(1_780_029_000)),
            next_run_at: Some(at(1_780_115_400)),
            error: None,
            created_at: at(1_780_000_000),
            updated_at: at(1_780_000_000),
        }
    }
}
