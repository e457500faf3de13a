//! What the API shows of jobs and tasks.

use poem_openapi::{Enum, Object, types::Example};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::time::Timestamp;

/// What has become of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// It waits for its time, or for a worker.
    Queued,
    /// A worker is at it.
    Running,
    /// It was done.
    Succeeded,
    /// Its last attempt failed.
    Failed,
    /// It was taken back before it was begun.
    Cancelled,
}

impl JobStatus {
    /// As the column has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// From the column.
    pub fn from_column(word: &str) -> Self {
        match word {
            "running" => Self::Running,
            "succeeded" => Self::Succeeded,
            "failed" => Self::Failed,
            "cancelled" => Self::Cancelled,
            _ => Self::Queued,
        }
    }
}

/// A job.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example, rename = "Job")]
pub struct JobView {
    /// Which job it is, for ever.
    pub id: Uuid,
    /// What is to be done.
    pub task: String,
    /// What the task is given; null where the task is not `open`: it may be nobody's business.
    pub args: Value,
    /// What has become of it.
    pub status: JobStatus,
    /// The higher the sooner, among the jobs that are due.
    pub priority: i32,
    /// What no other unfinished job has; null where the task is not `open`.
    pub unique_key: Option<String>,
    /// Of the jobs with the same one runs at a time; null where the task is not `open`.
    pub concurrency_key: Option<String>,
    /// How often it was begun.
    pub attempts: i32,
    /// How often it may be begun.
    pub max_attempts: i32,
    /// Not before this moment; after a failed attempt, when the next one is due.
    pub run_at: Timestamp,
    /// What the task answered; null before it has succeeded.
    pub result: Value,
    /// Why the latest attempt failed; null where none did.
    pub error: Option<String>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it ended; null while it waits or runs.
    pub finished_at: Option<Timestamp>,
}

/// How many jobs wait again.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example, rename = "JobsRetried")]
pub struct Retried {
    /// So many.
    pub retried: i64,
}

/// A task.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example, rename = "Task")]
pub struct TaskView {
    /// The word a job asks for it by.
    pub task: String,
    /// What it does.
    pub description: String,
    /// Whether it can be queued with `POST /jobs`, and the args of its jobs are shown. All others are the server's own.
    pub open: bool,
    /// Whether its jobs wait, because somebody has paused it.
    pub paused: bool,
    /// The time between two runs, in seconds, of a task that the server does by itself; null where it is done on demand.
    pub every_seconds: Option<i64>,
    /// How long one attempt may take, in seconds; then it is stopped and has failed.
    pub time_limit_seconds: i64,
}

fn at(seconds: i64) -> Timestamp {
    Timestamp(chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default())
}

impl Example for JobView {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0021),
            task: "echo".into(),
            args: json!({"greeting": "Hello"}),
            status: JobStatus::Succeeded,
            priority: 5,
            unique_key: Some("greeting".into()),
            concurrency_key: None,
            attempts: 1,
            max_attempts: 3,
            run_at: at(1_780_000_000),
            result: json!({"greeting": "Hello"}),
            error: None,
            created_at: at(1_780_000_000),
            finished_at: Some(at(1_780_000_001)),
        }
    }
}

impl Example for Retried {
    fn example() -> Self {
        Self { retried: 12 }
    }
}

impl Example for TaskView {
    fn example() -> Self {
        Self {
            task: "sweep_files".into(),
            description:
                "Removes uploads that no message took in a day, and the files of messages that are gone."
                    .into(),
            open: true,
            paused: false,
            every_seconds: Some(3600),
            time_limit_seconds: 36_000,
        }
    }
}
