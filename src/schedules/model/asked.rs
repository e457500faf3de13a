//! What is asked of schedules over the API.

use poem_openapi::{
    Object,
    types::{Example, MaybeUndefined},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Overlap, Solar, SolarEvent};
use crate::http::sorts;

/// A new schedule: one of `cron`, `every_seconds` and `solar` says when it runs.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewSchedule {
    /// What people call it: 1 to 255 characters, one line.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub name: String,
    /// What each of its jobs does: a task of `GET /jobs/tasks` whose `open` is true.
    #[oai(validator(min_length = 1, max_length = 100))]
    pub task: String,
    /// What each of its jobs is given, any JSON; `{}` when left out.
    pub args: Option<Value>,
    /// Minute, hour, day of the month, month, day of the week, by the clock of `timezone`: `30 6 * * 1-5`. Or `@hourly`, `@daily`,
    /// `@weekly`, `@monthly`, `@yearly`. A time that a change of clocks skips is right after the gap; one that comes twice is once.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub cron: Option<String>,
    /// At a pace of so many seconds, counted from when it was made: 1 to 31,536,000.
    #[oai(validator(minimum(value = "1"), maximum(value = "31536000")))]
    pub every_seconds: Option<i32>,
    /// By the sun, at a place.
    pub solar: Option<Solar>,
    /// Where the clock of `cron` hangs: an IANA name. `UTC` when left out.
    #[oai(validator(min_length = 1, max_length = 100))]
    pub timezone: Option<String>,
    /// Whether it runs; it does when left out.
    pub enabled: Option<bool>,
    /// What happens when its time has come and its last job is not over: `skip` when left out.
    pub overlap: Option<Overlap>,
}

/// What to change of a schedule; what is left out stays. One of `cron`, `every_seconds` and `solar` takes the place of what was.
#[derive(Debug, Clone, Default, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct ScheduleChange {
    /// What people call it: 1 to 255 characters, one line.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub name: Option<String>,
    /// What each of its jobs does: a task of `GET /jobs/tasks` whose `open` is true.
    #[oai(validator(min_length = 1, max_length = 100))]
    pub task: Option<String>,
    /// What each of its jobs is given, any JSON.
    pub args: Option<Value>,
    /// By the clock of `timezone`; null says nothing.
    #[oai(validator(min_length = 1, max_length = 255))]
    #[serde(default)]
    pub cron: MaybeUndefined<String>,
    /// At a pace of so many seconds; null says nothing.
    #[oai(validator(minimum(value = "1"), maximum(value = "31536000")))]
    #[serde(default)]
    pub every_seconds: MaybeUndefined<i32>,
    /// By the sun, at a place; null says nothing.
    #[serde(default)]
    pub solar: MaybeUndefined<Solar>,
    /// Where the clock of `cron` hangs: an IANA name.
    #[oai(validator(min_length = 1, max_length = 100))]
    pub timezone: Option<String>,
    /// Whether it runs.
    pub enabled: Option<bool>,
    /// What happens when its time has come and its last job is not over.
    pub overlap: Option<Overlap>,
}

sorts! {
    /// The order of schedules.
    ScheduleSort {
        #[default]
        Name = "name",
        NameBackwards = "-name",
        Soonest = "next_run_at",
        Farthest = "-next_run_at",
        Oldest = "created_at",
        Newest = "-created_at",
    }
}

/// Which schedules are wanted; `None` is any.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this task.
    pub task: Option<String>,
    /// Switched on, or off.
    pub enabled: Option<bool>,
    /// Of the server's own, or not.
    pub built_in: Option<bool>,
}

impl Example for NewSchedule {
    fn example() -> Self {
        Self {
            name: "Every working day".into(),
            task: "echo".into(),
            args: Some(json!({"greeting": "Good morning"})),
            cron: Some("30 6 * * 1-5".into()),
            every_seconds: None,
            solar: None,
            timezone: Some("Europe/Berlin".into()),
            enabled: Some(true),
            overlap: Some(Overlap::Skip),
        }
    }
}

impl Example for ScheduleChange {
    fn example() -> Self {
        Self {
            name: Some("At sunset".into()),
            solar: MaybeUndefined::Value(Solar {
                event: SolarEvent::Sunset,
                latitude: 52.52,
                longitude: 13.405,
            }),
            ..Self::default()
        }
    }
}
