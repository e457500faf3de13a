//! What a task is.

use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::Value;

use super::Job;
use crate::{
    app::App,
    error::{Error, Result},
};

/// Something a job can ask for.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// The word a job asks for it by.
    pub name: &'static str,
    /// What it does, for people.
    pub description: &'static str,
    /// The time between two turns of a regular task; `None` when it is only done when somebody wants it.
    pub every: Option<Duration>,
    /// Does it; what it answers is the result of the job.
    pub run: fn(App, Job) -> BoxFuture<'static, Result<Value>>,
}

/// What a task answers that cannot be done now: the job stands in line again after `pause`, as if it had never been taken.
pub fn put_off(pause: Duration) -> Error {
    Error::internal(PutOff(pause))
}

/// For how long an error of a task puts its job off, if it is that.
pub(super) fn pause_of(error: &Error) -> Option<Duration> {
    std::error::Error::source(error)?.downcast_ref().map(|PutOff(pause)| *pause)
}

#[derive(Debug)]
struct PutOff(Duration);

impl std::fmt::Display for PutOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "put off for {} ms", self.0.as_millis())
    }
}

impl std::error::Error for PutOff {}
