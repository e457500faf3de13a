//! What people do with jobs.

use std::time::Duration;

use futures_util::{TryStreamExt, stream};
use serde_json::json;
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::{
    model::{
        Filter, Job, JobOrder, JobRequest, JobSort, JobStatus, JobView, NewJob, Retried, RetryRequest,
        TaskView,
    },
    store,
    tasks::Task,
};
use crate::{
    app::App,
    db::listen::ListenState,
    error::{Code, Error, Result},
    http::{Answer, Caller, Idempotency, List, Wanted},
    validate::Checks,
};

/// Where an `Idempotency-Key` of [`queue`] counts.
const PATH: &str = "POST:/api/v1/jobs";
/// The most seconds that somebody waits for the end of a job.
const MOST_SECONDS: i64 = 30;
/// How often a job is looked at whose end is awaited: a notification may be lost. And while notifications do not come through.
const CHECK: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(500);

/// Refuses what is no task that anybody may queue who may queue jobs.
pub fn check_task(checks: &mut Checks, tasks: &[&Task], name: &str) {
    let is_open = tasks.iter().any(|task| task.name == name && task.is_open());
    checks.that(is_open, "task", "must be a task of GET /jobs/tasks that is open");
}

/// Queues a job; the unfinished one with the same `unique_key` is answered instead. The same key with the same wish gives the
/// same answer.
pub async fn queue(
    app: &App,
    tasks: &[&Task],
    caller: Caller,
    wanted: JobRequest,
    key: Option<&str>,
) -> Result<Answer<JobView>> {
    let mut checks = Checks::new();
    check_task(&mut checks, tasks, &wanted.task);
    let (priority, max_attempts) = (wanted.priority.unwrap_or(0), wanted.max_attempts.unwrap_or(5));
    checks.that((-10..=10).contains(&priority), "priority", "must be a whole number from -10 to 10");
    checks.that((1..=100).contains(&max_attempts), "max_attempts", "must be a whole number from 1 to 100");
    for (value, field) in [(&wanted.unique_key, "unique_key"), (&wanted.concurrency_key, "concurrency_key")] {
        let length = value.as_ref().map_or(1, |value| value.chars().count());
        checks.that((1..=255).contains(&length), field, "must have 1 to 255 characters");
    }
    checks.done()?;
    let mut db = app.db().await?;
    let transaction = db.transaction().await?;
    let claim = match key {
        Some(key) => match Idempotency::claim(&transaction, caller.user_id, PATH, key, &wanted).await? {
            Ok(claim) => Some(claim),
            Err((is_new, job)) => return Ok(Answer::new(is_new, job)),
        },
        None => None,
    };
    let id = Uuid::now_v7();
    let new = NewJob {
        task: &wanted.task,
        args: wanted.args.unwrap_or_else(|| json!({})),
        run_at: wanted.run_at,
        priority,
        unique_key: wanted.unique_key.as_deref(),
        concurrency_key: wanted.concurrency_key.as_deref(),
        max_attempts,
    };
    let job = store::queue_as(&transaction, id, new).await?;
    let answer = (job.id == id, shown(tasks, job));
    if let Some(claim) = claim {
        claim.keep(&transaction, &answer).await?;
    }
    transaction.commit().await?;
    Ok(Answer::new(answer.0, answer.1))
}

/// Jobs.
pub async fn list(
    app: &App,
    tasks: Vec<&'static Task>,
    filter: Filter,
    sort: JobSort,
    wanted: Wanted,
) -> Result<List<JobView>> {
    let db = app.db().await?;
    let order = JobOrder { sort, limit: wanted.limit(), offset: wanted.offset() };
    let rows = store::list(&db, &filter, order).await?;
    let items = rows.map_ok(move |job| shown(&tasks, job));
    wanted.answer(Box::pin(items), store::count(&db, &filter)).await
}

/// One job; with `wait_seconds` when it has ended, or that time is over. While it is waited for no connection is held.
pub async fn get(app: &App, tasks: &[&Task], id: Uuid, wait_seconds: Option<i64>) -> Result<JobView> {
    let seconds = wait_seconds.unwrap_or(0);
    let message = "must be a whole number from 0 to 30";
    Checks::new().that((0..=MOST_SECONDS).contains(&seconds), "wait_seconds", message).done()?;
    let job = find(app, id).await?;
    if seconds == 0 || job.finished_at.is_some() {
        return Ok(shown(tasks, job));
    }
    let until = Instant::now() + Duration::from_secs(seconds.unsigned_abs());
    let (mut ended, mut stopping) = (app.jobs_ended.subscribe(), app.stopping.subscribe());
    // First it is noted that somebody waits, then it is looked at: whoever ends it after that notifies.
    store::await_end(&*app.spare_db().await?, id).await?;
    loop {
        let job = find(app, id).await?;
        if job.finished_at.is_some() || Instant::now() >= until || *stopping.borrow() {
            return Ok(shown(tasks, job));
        }
        let receives = app.listen_status.state() == ListenState::Receiving;
        let look = until.min(Instant::now() + if receives { CHECK } else { POLL });
        let told = async {
            // Of many that ended at once some may be missed: then it is looked at, too.
            while ended.recv().await.is_ok_and(|which| which != id) {}
        };
        tokio::select! {
            () = told => {}
            _ = stopping.changed() => {}
            () = sleep_until(look) => {}
        }
    }
}

async fn find(app: &App, id: Uuid) -> Result<Job> {
    store::find(&app.db().await?, id).await?.ok_or_else(no_such_job)
}

/// Takes a job back that waits; one that is taken back already stays so.
pub async fn cancel(app: &App, id: Uuid) -> Result<()> {
    let db = app.db().await?;
    if store::cancel(&db, id).await? {
        return Ok(());
    }
    match store::find(&db, id).await?.map(|job| JobStatus::from_column(&job.status)) {
        None => Err(no_such_job()),
        Some(JobStatus::Cancelled) => Ok(()),
        Some(JobStatus::Queued | JobStatus::Running) => {
            Err(Error::new(Code::Conflict, "this job is running"))
        }
        Some(JobStatus::Succeeded | JobStatus::Failed) => {
            Err(Error::new(Code::Conflict, "this job has ended"))
        }
    }
}

/// Has a job run now: one that failed or was cancelled as if it had never been begun, one that waits before its time.
pub async fn retry(app: &App, tasks: &[&Task], id: Uuid) -> Result<JobView> {
    let db = app.db().await?;
    if let Some(job) = store::retry(&db, id).await? {
        return Ok(shown(tasks, job));
    }
    if let Some(job) = store::make_due(&db, id).await? {
        return Ok(shown(tasks, job));
    }
    match store::find(&db, id).await? {
        None => Err(no_such_job()),
        Some(job) if job.status == JobStatus::Succeeded.word() => {
            Err(Error::new(Code::Conflict, "this job has succeeded"))
        }
        Some(_) => Err(Error::new(Code::Conflict, "this job is running")),
    }
}

/// Has all those wait again that failed and are asked for.
pub async fn retry_failed(app: &App, mut wanted: RetryRequest) -> Result<Retried> {
    Checks::new().length(wanted.task.as_deref().unwrap_or_default(), "task", 0, 100).done()?;
    wanted.failed_to = wanted.failed_to.map(crate::time::Timestamp::and_what_is_cut_off);
    let (mut retried, mut after) = (0, Uuid::nil());
    loop {
        let piece = store::retry_failed(&*app.spare_db().await?, &wanted, after).await?;
        retried += piece.retried;
        match piece.last_id {
            Some(last_id) => after = last_id,
            None => return Ok(Retried { retried }),
        }
    }
}

/// Every task.
pub async fn list_tasks(app: &App, tasks: &[&Task], wanted: Wanted) -> Result<List<TaskView>> {
    let paused = store::list_paused(&app.db().await?).await?;
    let mut all: Vec<_> = tasks.iter().map(|task| described(task, &paused)).collect();
    all.sort_by(|one, other| one.task.cmp(&other.task));
    let total = all.len();
    let limit = wanted.limit().map_or(total, |limit| limit.unsigned_abs() as usize);
    let page = all.into_iter().skip(wanted.offset().unsigned_abs() as usize).take(limit).map(Ok);
    wanted.answer(Box::pin(stream::iter(page.collect::<Vec<_>>())), async { Ok(total as i64) }).await
}

/// Has the jobs of a task wait, or run again.
pub async fn switch(app: &App, tasks: &[&Task], name: &str, pauses: bool) -> Result<()> {
    if !tasks.iter().any(|task| task.name == name) {
        return Err(Error::not_found("task"));
    }
    let db = app.db().await?;
    if pauses { store::pause(&db, name).await } else { store::resume(&db, name).await }
}

fn described(task: &Task, paused: &[String]) -> TaskView {
    TaskView {
        task: task.name.to_owned(),
        description: task.description.to_owned(),
        open: task.is_open(),
        paused: paused.iter().any(|name| name == task.name),
        every_seconds: task.every.map(|every| every.as_secs() as i64),
        time_limit_seconds: task.time_limit().as_secs() as i64,
    }
}

/// What may be shown of a job.
fn shown(tasks: &[&Task], job: Job) -> JobView {
    let is_open = tasks.iter().any(|task| task.name == job.task && task.is_open());
    JobView {
        id: job.id,
        args: if is_open { job.args } else { json!(null) },
        status: JobStatus::from_column(&job.status),
        priority: job.priority,
        unique_key: job.unique_key.filter(|_| is_open),
        concurrency_key: job.concurrency_key.filter(|_| is_open),
        attempts: job.attempts,
        max_attempts: job.max_attempts,
        run_at: job.run_at,
        result: job.result.unwrap_or_default(),
        error: job.error,
        created_at: job.created_at,
        finished_at: job.finished_at,
        task: job.task,
    }
}

fn no_such_job() -> Error {
    Error::not_found("job")
}
