//! One attempt at a job: it runs, and says how it ended.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::{task::JoinError, time::timeout};
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

use crate::{
    app::App,
    jobs::{Job, Task, tasks},
    telemetry::metrics::names,
    time::Timestamp,
};

/// What an attempt has come to, before it is written down.
pub struct Report {
    /// The job.
    pub id: Uuid,
    /// The right to say how it ended.
    pub lease: Uuid,
    /// What was to be done.
    pub task: &'static str,
    /// How often it was begun by now.
    pub attempts: i32,
    /// How long it took.
    pub took: Duration,
    /// How it went.
    pub said: Said,
}

/// What a task has said.
pub enum Said {
    /// It was done, and this is its result.
    Done(Value),
    /// It failed, for this reason.
    Failed(String),
    /// It was not its turn: it is queued again after this time.
    Postponed(Duration),
}

/// Runs a job. A task that panics has failed, and one that takes longer than it may; dropped, the task stops too.
pub async fn run(app: App, task: Task, job: Job, lease: Uuid) -> Report {
    let (id, attempts, begun) = (job.id, job.attempts, Instant::now());
    tracing::debug!(%id, task = task.name, attempts, "a job begins");
    let waited = (Timestamp::now().0 - job.run_at.0).to_std().unwrap_or_default();
    metrics::histogram!(names::JOB_WAIT_SECONDS).record(waited.as_secs_f64());
    let running = Running::begin();
    let limit = task.time_limit();
    let said = match timeout(limit, AbortOnDropHandle::new(tokio::spawn((task.run)(app, job)))).await {
        Ok(Ok(Ok(result))) => Said::Done(result),
        Ok(Ok(Err(error))) => match tasks::pause_of(&error) {
            Some(pause) => Said::Postponed(pause),
            None => Said::Failed(format!("{error}{}", error.causes())),
        },
        Ok(Err(error)) => Said::Failed(panic_message(error)),
        Err(_) => Said::Failed(format!("it took longer than {} seconds and was stopped", limit.as_secs())),
    };
    drop(running);
    let took = begun.elapsed();
    metrics::histogram!(names::JOB_SECONDS, "task" => task.name).record(took.as_secs_f64());
    Report { id, lease, task: task.name, attempts, took, said }
}

/// Counts a job among those that run, for as long as it does.
struct Running;

impl Running {
    fn begin() -> Self {
        metrics::gauge!(names::JOBS_RUNNING).increment(1.0);
        Self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        metrics::gauge!(names::JOBS_RUNNING).decrement(1.0);
    }
}

fn panic_message(error: JoinError) -> String {
    let Ok(panic) = error.try_into_panic() else { return "it was stopped".to_owned() };
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a word");
    format!("it panicked: {text}")
}
