//! `trunkline jobs`

use serde_json::json;

use super::{Outcome, answer, setup::OfflineApp, terminal};
use crate::{
    config::Config,
    error::Error,
    jobs::{self, Counts, JobStatus, Runner},
    worker,
};

/// Shows the latest jobs.
pub async fn list(config: Config, status: Option<&str>, limit: i64, as_json: bool) -> Outcome {
    let offline = OfflineApp::open_to_read(config).await?;
    let status = status.map(JobStatus::from_column);
    let listed = async { jobs::list_by_status(&offline.app.db().await?, status, limit).await }.await;
    offline.close().await;
    let listed = listed?;
    if as_json {
        return answer(json!({"items": listed}));
    }
    if listed.is_empty() {
        return answer("there are no jobs");
    }
    answer(line("id", "status", "attempts", "due at", "task, and its error"))?;
    let tasks = worker::all();
    for job in listed {
        let is_known = tasks.iter().any(|task| task.name == job.task);
        let unknown = (!is_known).then(|| "no worker knows this task".to_owned());
        let error = job.error.map(|error| error.replace('\n', " ")).or(unknown);
        let (id, attempts) = (job.id.to_string(), format!("{}/{}", job.attempts, job.max_attempts));
        let task = job.task + &error.map(|error| format!("  {error}")).unwrap_or_default();
        answer(line(&id, &job.status, &attempts, &job.run_at.to_rfc3339(), &task))?;
    }
    Ok(())
}

/// A line of the table.
fn line(id: &str, status: &str, attempts: &str, due_at: &str, task: &str) -> String {
    format!("{id:<36}  {status:<9}  {attempts:<8}  {due_at:<24}  {task}")
}

/// Runs jobs until none is due.
pub async fn run(config: Config, as_json: bool) -> Outcome {
    let offline = OfflineApp::open_existing(config).await?;
    let bar = terminal::activity("running jobs");
    let show = |counts: &Counts| bar.set_message(sentence(counts));
    let counts = async {
        let app = &offline.app;
        let done = Runner::run_all(app.clone(), worker::TASKS, show).await?;
        Ok::<_, Error>(
            done + Runner::run_all(app.clone(), worker::DELIVERIES, |counts| show(&(done + *counts))).await?,
        )
    };
    let counts = counts.await;
    bar.finish_and_clear();
    offline.close().await;
    let counts = counts?;
    if as_json {
        return answer(
            json!({"succeeded": counts.succeeded, "failed": counts.failed, "again": counts.again}),
        );
    }
    answer(sentence(&counts))
}

fn sentence(counts: &Counts) -> String {
    format!("{} done, {} failed, {} to be tried again later", counts.succeeded, counts.failed, counts.again)
}
