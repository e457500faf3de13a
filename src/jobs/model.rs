//! The shapes of a job.

mod asked;
mod shown;

use serde::Serialize;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

pub use asked::{Filter, JobOrder, JobRequest, JobSort, RetryRequest};
pub use shown::{JobStatus, JobView, Retried, TaskView};

use crate::{db::FromRow, error::Result, time::Timestamp};

/// A job.
#[derive(Debug, Clone, Serialize)]
pub struct Job {
    /// Which job it is, for ever.
    pub id: Uuid,
    /// What is to be done.
    pub task: String,
    /// What it is done with.
    pub args: Value,
    /// `queued`, `running`, `succeeded`, `failed` or `cancelled`.
    pub status: String,
    /// The higher the sooner.
    pub priority: i32,
    /// What no other unfinished job has.
    pub unique_key: Option<String>,
    /// Of the jobs with the same one runs at a time.
    pub concurrency_key: Option<String>,
    /// How often it was begun.
    pub attempts: i32,
    /// How often it may be begun.
    pub max_attempts: i32,
    /// Not before this moment.
    pub run_at: Timestamp,
    /// What it answered.
    pub result: Option<Value>,
    /// Why its latest attempt failed.
    pub error: Option<String>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it ended, well or not.
    pub finished_at: Option<Timestamp>,
}

impl FromRow for Job {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            task: row.try_get("task")?,
            args: row.try_get("args")?,
            status: row.try_get("status")?,
            priority: row.try_get("priority")?,
            unique_key: row.try_get("unique_key")?,
            concurrency_key: row.try_get("concurrency_key")?,
            attempts: row.try_get("attempts")?,
            max_attempts: row.try_get("max_attempts")?,
            run_at: row.try_get("run_at")?,
            result: row.try_get("result")?,
            error: row.try_get("error")?,
            created_at: row.try_get("created_at")?,
            finished_at: row.try_get("finished_at")?,
        })
    }
}

/// A job to queue.
#[derive(Debug, Clone)]
pub struct NewJob<'a> {
    /// What is to be done: a task of `worker.rs`.
    pub task: &'a str,
    /// What it is done with.
    pub args: Value,
    /// Not before this moment; `None` is at once.
    pub run_at: Option<Timestamp>,
    /// The higher the sooner, from -10 to 10.
    pub priority: i32,
    /// While a job with the same key is unfinished, that one is answered instead.
    pub unique_key: Option<&'a str>,
    /// Of the jobs with equal keys one runs at a time.
    pub concurrency_key: Option<&'a str>,
    /// How often it may be begun, from 1 to 100.
    pub max_attempts: i32,
}

impl<'a> NewJob<'a> {
    /// A job that is due at once, and may be begun five times.
    pub fn new(task: &'a str, args: Value) -> Self {
        Self {
            task,
            args,
            run_at: None,
            priority: 0,
            unique_key: None,
            concurrency_key: None,
            max_attempts: 5,
        }
    }
}

/// A job this instance has taken.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The job.
    pub job: Job,
    /// The right to say how it ended.
    pub lease: Uuid,
}

impl FromRow for Taken {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { job: Job::from_row(row)?, lease: row.try_get("lease")? })
    }
}

/// The position of a job in the queue of those that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueuePosition {
    /// When it is due.
    pub run_at: Timestamp,
    /// Which one of those that are due at that moment.
    pub id: Uuid,
}

/// The job that is due next.
#[derive(Debug, Clone, Copy)]
pub struct Next {
    /// Its position.
    pub position: QueuePosition,
    /// In how many seconds it is due; less than 0 when it is already.
    pub seconds: f64,
}

impl FromRow for Next {
    fn from_row(row: &Row) -> Result<Self> {
        let position = QueuePosition { run_at: row.try_get("run_at")?, id: row.try_get("id")? };
        Ok(Self { position, seconds: row.try_get("seconds")? })
    }
}

/// How a piece of a retry went.
#[derive(Debug, Clone, Copy)]
pub struct RetriedPiece {
    /// How many wait again.
    pub retried: i64,
    /// The last that was looked at; `None` when there are no more.
    pub last_id: Option<Uuid>,
}

impl FromRow for RetriedPiece {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { retried: row.try_get("retried")?, last_id: row.try_get("last_id")? })
    }
}
