//! The shapes of a job.

use serde::Serialize;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

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
    /// How often it may be begun, from 1 to 100.
    pub max_attempts: i32,
}

impl<'a> NewJob<'a> {
    /// A job that is due at once, and may be begun five times.
    pub fn new(task: &'a str, args: Value) -> Self {
        Self { task, args, run_at: None, priority: 0, unique_key: None, max_attempts: 5 }
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
