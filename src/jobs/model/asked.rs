//! What is asked of jobs over the API.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::shown::JobStatus;
use crate::{http::sorts, time::Timestamp};

/// A job to queue.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example, rename = "NewJob")]
pub struct JobRequest {
    /// What is to be done: a task of `GET /jobs/tasks` whose `open` is true.
    #[oai(validator(min_length = 1, max_length = 100))]
    pub task: String,
    /// What the task is given, any JSON; `{}` when left out.
    pub args: Option<Value>,
    /// Not before this moment; at once when left out.
    pub run_at: Option<Timestamp>,
    /// The higher the sooner, among the jobs that are due: -10 to 10, 0 when left out.
    #[oai(validator(minimum(value = "-10"), maximum(value = "10")))]
    pub priority: Option<i32>,
    /// 1 to 255 characters. While a job with the same key is unfinished, that one is answered (200), and no other is queued.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub unique_key: Option<String>,
    /// 1 to 255 characters. Of the jobs with the same key one runs at a time, on all instances together.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub concurrency_key: Option<String>,
    /// How often it may be begun before it has failed: 1 to 100, 5 when left out.
    #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
    pub max_attempts: Option<i32>,
}

/// Which failed jobs are to be tried again; without a field all of them.
#[derive(Debug, Clone, Default, Object, Serialize, Deserialize)]
#[oai(example, rename = "JobRetry")]
pub struct RetryRequest {
    /// Those of this task.
    #[oai(validator(max_length = 100))]
    pub task: Option<String>,
    /// Those that failed at this moment or later.
    pub failed_from: Option<Timestamp>,
    /// Those that failed at this moment or before.
    pub failed_to: Option<Timestamp>,
}

sorts! {
    /// The order of jobs.
    JobSort {
        #[default]
        Latest = "-created_at",
        Oldest = "created_at",
    }
}

/// Which jobs are wanted; `None` is any.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In this state.
    pub status: Option<JobStatus>,
    /// Of this task.
    pub task: Option<String>,
    /// Queued not before.
    pub created_from: Option<Timestamp>,
    /// Queued not after.
    pub created_to: Option<Timestamp>,
    /// Ended not before.
    pub finished_from: Option<Timestamp>,
    /// Ended not after.
    pub finished_to: Option<Timestamp>,
}

/// Which part of the jobs, in which order.
#[derive(Debug, Clone, Copy)]
pub struct JobOrder {
    /// The order.
    pub sort: JobSort,
    /// How many; `None` is all.
    pub limit: Option<i64>,
    /// How many to skip.
    pub offset: i64,
}

impl Example for JobRequest {
    fn example() -> Self {
        Self {
            task: "echo".into(),
            args: Some(json!({"greeting": "Hello"})),
            run_at: None,
            priority: Some(5),
            unique_key: Some("greeting".into()),
            concurrency_key: None,
            max_attempts: Some(3),
        }
    }
}

impl Example for RetryRequest {
    fn example() -> Self {
        let at = |seconds| Timestamp(chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default());
        Self {
            task: Some("echo".into()),
            failed_from: Some(at(1_780_000_000)),
            failed_to: Some(at(1_780_003_600)),
        }
    }
}
