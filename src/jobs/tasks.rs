//! What a task is.

use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::Value;

use super::model::Job;
use crate::{
    app::App,
    error::{Error, Result},
};

/// The task that answers its args.
pub const ECHO: &str = "echo";
/// How long one attempt may take.
const TIME_LIMIT: Duration = Duration::from_secs(3600);
/// A regular task that takes longer than so many of its intervals is stuck; so long it may take at least.
const INTERVALS: u32 = 10;
const LEAST_TIME_LIMIT: Duration = Duration::from_secs(600);

/// Something a job can ask for.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// The word a job asks for it by.
    pub name: &'static str,
    /// What it does, for people.
    pub description: &'static str,
    /// The time between two runs of a regular task; `None` when it is only done when somebody wants it.
    pub every: Option<Duration>,
    /// Does it; what it answers is the result of the job.
    pub run: fn(App, Job) -> BoxFuture<'static, Result<Value>>,
}

impl Task {
    /// Whether anybody may queue it who may queue jobs, and read its args. What is done regularly is given nothing, and `echo` does
    /// nothing. All others belong to the inside: their args may hold addresses of people, and what they do is not asked for twice
    /// without harm.
    pub fn is_open(&self) -> bool {
        self.every.is_some() || self.name == ECHO
    }

    /// How long one attempt may take; then it is stopped and has failed.
    pub fn time_limit(&self) -> Duration {
        self.every.map_or(TIME_LIMIT, |every| (every * INTERVALS).max(LEAST_TIME_LIMIT))
    }
}

/// What a task answers that cannot be done now: the job is queued again after `pause`, as if it had never been taken.
pub fn put_off(pause: Duration) -> Error {
    Error::internal(Postponed(pause))
}

/// For how long an error of a task postpones its job, if it does.
pub(super) fn pause_of(error: &Error) -> Option<Duration> {
    std::error::Error::source(error)?.downcast_ref().map(|Postponed(pause)| *pause)
}

#[derive(Debug)]
struct Postponed(Duration);

impl std::fmt::Display for Postponed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "postponed for {} ms", self.0.as_millis())
    }
}

impl std::error::Error for Postponed {}
