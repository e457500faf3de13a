//! When a schedule runs.

mod cron;
mod solar;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

pub use cron::Cron;
pub use solar::next as next_solar;

use super::model::{Schedule, Solar};

/// When something is done again and again.
#[derive(Debug, Clone)]
pub enum Rule {
    /// By the clock of a place.
    Cron(Box<Cron>),
    /// At a pace of so many seconds, counted from a moment.
    Every(i64, DateTime<Utc>),
    /// By the sun.
    Solar(Solar),
}

/// Why a schedule has no times: which field is wrong, and what it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field.
    pub field: &'static str,
    /// What it must be.
    pub message: String,
}

impl Rule {
    /// That of a schedule.
    pub fn of(schedule: &Schedule) -> Result<Self, Fault> {
        let zone = zone(&schedule.timezone)?;
        match (&schedule.cron, schedule.every_seconds, &schedule.solar) {
            (Some(pattern), None, None) => Cron::parse(pattern, zone).map(Box::new).map(Self::Cron),
            (None, Some(seconds), None) => Ok(Self::Every(i64::from(seconds), schedule.created_at.0)),
            (None, None, Some(solar)) => Ok(Self::Solar(*solar)),
            _ => {
                let message = "one of cron, every_seconds and solar must be given, and no more".into();
                Err(Fault { field: "cron", message })
            }
        }
    }

    /// The first time after `now`; `None` when there is none to come, for the sun none within 400 days.
    pub fn next_after(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::Cron(cron) => cron.next_after(now),
            Self::Every(seconds, since) => {
                let passed = (now - since)
                    .num_microseconds()
                    .map_or(0, |micros| micros.div_euclid(seconds * 1_000_000));
                since.checked_add_signed(TimeDelta::try_seconds((passed + 1).max(1) * seconds)?)
            }
            Self::Solar(solar) => next_solar(solar, now),
        }
    }
}

/// The time zone of this name.
fn zone(name: &str) -> Result<Tz, Fault> {
    name.parse().map_err(|_| Fault {
        field: "timezone",
        message: "must be the name of a time zone, such as Europe/Berlin".into(),
    })
}
