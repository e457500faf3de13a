//! One attempt at a job: it runs, and how it ended is written down.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::{task::JoinError, time::sleep};
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

use crate::{
    app::App,
    error::Result,
    jobs::{Job, Task, store, tasks},
    telemetry::metrics::names,
};

/// The pause after the first failure; it doubles with each.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);
/// How often it is tried to write down how a job ended, a second apart: by then the lease has lapsed.
const WRITES: u32 = 20;

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was done.
    Succeeded,
    /// It failed for good.
    Failed,
    /// It failed, and will be tried again.
    Again,
    /// Another instance has taken it over, or nobody could be told how it ended: it runs elsewhere.
    Lost,
    /// It was not its turn: it stands in line again, and this was no attempt.
    PutOff,
}

/// What a task has said.
enum Said {
    Done(Value),
    Failed(String),
    PutOff(Duration),
}

/// Runs a job and writes down how it ended. A task that panics has failed; dropped, the task stops too.
pub async fn run(app: App, task: Task, job: Job, lease: Uuid) -> Ended {
    let (id, attempts, begun) = (job.id, job.attempts, Instant::now());
    tracing::debug!(%id, task = task.name, attempts, "a job begins");
    let said = match AbortOnDropHandle::new(tokio::spawn((task.run)(app.clone(), job))).await {
        Ok(Ok(result)) => Said::Done(result),
        Ok(Err(error)) => match tasks::pause_of(&error) {
            Some(pause) => Said::PutOff(pause),
            None => Said::Failed(format!("{error}{}", error.causes())),
        },
        Err(error) => Said::Failed(panic_message(error)),
    };
    metrics::histogram!(names::JOB_SECONDS, "task" => task.name).record(begun.elapsed().as_secs_f64());
    let mut ended = Ended::Lost;
    for _ in 0..WRITES {
        match write(&app, id, lease, attempts, &said).await {
            Ok(written) => {
                ended = written;
                break;
            }
            Err(error) => tracing::debug!(%id, %error, "how a job ended could not be written; trying again"),
        }
        sleep(Duration::from_secs(1)).await;
    }
    let word = match (ended, said) {
        (Ended::Succeeded, _) => "succeeded",
        (Ended::PutOff, _) => "postponed",
        (Ended::Failed, Said::Failed(error)) => {
            tracing::error!(%id, task = task.name, attempts, error, "a job failed");
            "failed"
        }
        (Ended::Again, Said::Failed(error)) => {
            tracing::warn!(%id, task = task.name, attempts, error, "a job failed and will be tried again");
            "retried"
        }
        _ => {
            tracing::warn!(%id, task = task.name, attempts, "a job finished after its lease had expired; another instance runs it");
            "lease_expired"
        }
    };
    metrics::counter!(names::JOBS, "task" => task.name, "outcome" => word).increment(1);
    ended
}

async fn write(app: &App, id: Uuid, lease: Uuid, attempts: i32, said: &Said) -> Result<Ended> {
    let db = app.spare_db().await?;
    Ok(match said {
        Said::Done(result) if store::succeed(&*db, id, lease, result).await? => Ended::Succeeded,
        Said::PutOff(pause) if store::give_back(&*db, &[id], &[lease], *pause).await? == 1 => Ended::PutOff,
        Said::Done(_) | Said::PutOff(_) => Ended::Lost,
        Said::Failed(error) => {
            match store::fail(&*db, id, lease, error, pause_after(attempts)).await?.as_deref() {
                Some("queued") => Ended::Again,
                Some(_) => Ended::Failed,
                None => Ended::Lost,
            }
        }
    })
}

/// Doubles with each attempt, and up to half as long again: what failed together is not tried together.
fn pause_after(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(16);
    let pause = (PAUSE * 2_u32.pow(doublings)).min(LONGEST_PAUSE);
    pause.mul_f64(rand::random_range(1.0..1.5))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_somewhere() {
        for (attempts, least, most) in [(1, 1.0, 1.5), (2, 2.0, 3.0), (5, 16.0, 24.0), (100, 3600.0, 5400.0)]
        {
            let pause = pause_after(attempts).as_secs_f64();
            assert!((least..=most).contains(&pause), "{attempts}: {pause}");
        }
    }
}
