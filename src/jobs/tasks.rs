//! What a task is.

use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::Value;

use super::Job;
use crate::{app::App, error::Result};

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
