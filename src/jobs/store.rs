//! The tables `jobs`, `finished_jobs` and `paused_tasks`: one function per query file.

use std::time::Duration;

use crate::db::Pool;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::model::{
    Filter, Job, JobOrder, JobSort, JobStatus, NewJob, Next, RetriedPiece, RetryRequest, Taken,
};
use crate::{
    db::{
        FromRow, GenericClient,
        query::{self, Rows},
    },
    error::{Code, Error, OnConstraint, Result},
    time::Timestamp,
};

/// Queues a job, in the caller's transaction; answers the unfinished one with the same `unique_key`, if there is one.
pub async fn queue(db: &impl GenericClient, new: NewJob<'_>) -> Result<Job> {
    queue_as(db, Uuid::now_v7(), new).await
}

/// The same, with this id: another one is that of the unfinished job with the same `unique_key`.
pub async fn queue_as(db: &impl GenericClient, id: Uuid, new: NewJob<'_>) -> Result<Job> {
    let sql = include_str!("../../sql/queries/jobs/queue.sql");
    let NewJob { task, args, run_at, priority, unique_key, concurrency_key, max_attempts } = new;
    query::one(
        db,
        sql,
        &[&id, &task, &args, &run_at, &priority, &unique_key, &max_attempts, &concurrency_key],
    )
    .await
}

/// Where an instance was last, among the jobs of a task and a priority.
#[derive(Debug, Default)]
pub struct SeenColumns {
    pub tasks: Vec<&'static str>,
    pub priorities: Vec<i32>,
    /// Nothing is the beginning.
    pub run_at: Vec<Option<Timestamp>>,
    pub ids: Vec<Uuid>,
}

/// Takes up to `most` jobs of these tasks that are due, for as long as `lease` says. 409 when another instance has just begun
/// one with the same `concurrency_key`: nothing was taken then.
pub async fn take(
    db: &impl GenericClient,
    tasks: &[&str],
    seen: &SeenColumns,
    most: i64,
    lease: Duration,
) -> Result<Vec<Taken>> {
    let sql = include_str!("../../sql/queries/jobs/take.sql");
    let SeenColumns { tasks: of, priorities, run_at, ids } = seen;
    query::all(db, sql, &[&tasks, of, priorities, run_at, ids, &most, &lease.as_secs_f64()])
        .await
        .on_constraint("jobs_concurrency_key_key", || {
            Error::new(Code::Conflict, "another instance runs a job with this concurrency_key")
        })
}

/// The job that is due next, whoever's it is, from this place on; no time is the beginning.
pub async fn find_next(
    db: &impl GenericClient,
    (run_at, id): (Option<Timestamp>, Uuid),
) -> Result<Option<Next>> {
    let sql = include_str!("../../sql/queries/jobs/find_next.sql");
    query::opt(db, sql, &[&run_at, &id]).await
}

/// In how many seconds the next job of these tasks will be due that is not yet, if that is within `at_most`.
pub async fn seconds_to_next(
    db: &impl GenericClient,
    tasks: &[&str],
    at_most: Duration,
) -> Result<Option<f64>> {
    let sql = include_str!("../../sql/queries/jobs/seconds_to_next.sql");
    query::scalar(db, sql, &[&tasks, &at_most.as_secs_f64()]).await
}

/// Renews leases; answers those that still hold.
pub async fn renew(
    db: &impl GenericClient,
    ids: &[Uuid],
    leases: &[Uuid],
    lease: Duration,
) -> Result<Vec<Uuid>> {
    let sql = include_str!("../../sql/queries/jobs/renew.sql");
    query::ids(db, sql, &[&ids, &leases, &lease.as_secs_f64()]).await
}

/// Reclaims the jobs whose lease has lapsed: those that lapsed within this time, or all.
pub async fn reclaim(db: &impl GenericClient, within: Option<Duration>) -> Result<u64> {
    let within = within.map(|within| within.as_secs_f64());
    query::exec(db, include_str!("../../sql/queries/jobs/reclaim.sql"), &[&within]).await
}

/// Moves what older programs have finished to where it belongs, a piece of it.
pub async fn move_finished(db: &impl GenericClient) -> Result<u64> {
    query::exec(db, include_str!("../../sql/queries/jobs/move_finished.sql"), &[]).await
}

/// How attempts ended, a column each.
#[derive(Debug, Default)]
pub struct Endings<'a> {
    pub ids: Vec<Uuid>,
    pub leases: Vec<Uuid>,
    /// `succeeded`, `failed` or `postponed`.
    pub outcomes: Vec<&'static str>,
    pub results: Vec<Option<&'a Value>>,
    pub errors: Vec<Option<&'a str>>,
    /// The seconds before the next attempt, if there is to be one.
    pub pauses: Vec<f64>,
}

/// What a job is after an attempt at it.
pub struct Written {
    pub id: Uuid,
    pub status: String,
}

impl FromRow for Written {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { id: row.try_get("id")?, status: row.try_get("status")? })
    }
}

/// Writes down how attempts ended; answers what their jobs are now, without those whose lease was no longer good.
pub async fn finish(db: &impl GenericClient, endings: &Endings<'_>) -> Result<Vec<Written>> {
    let sql = include_str!("../../sql/queries/jobs/finish.sql");
    let Endings { ids, leases, outcomes, results, errors, pauses } = endings;
    query::all(db, sql, &[ids, leases, outcomes, results, errors, pauses]).await
}

/// Releases jobs that were not finished.
pub async fn release(db: &impl GenericClient, ids: &[Uuid], leases: &[Uuid]) -> Result<u64> {
    query::exec(db, include_str!("../../sql/queries/jobs/release.sql"), &[&ids, &leases]).await
}

/// Jobs, in the order that is wanted.
pub async fn list(db: &impl GenericClient, filter: &Filter, order: JobOrder) -> Result<Rows<Job>> {
    match order.sort {
        JobSort::Latest => list_latest(db, filter, order.limit, order.offset).await,
        JobSort::Oldest => list_oldest(db, filter, order.limit, order.offset).await,
    }
}

/// Jobs, the latest first; of one status, or all.
pub async fn list_by_status(
    db: &impl GenericClient,
    status: Option<JobStatus>,
    limit: i64,
) -> Result<Vec<Job>> {
    let rows = list_latest(db, &Filter { status, ..Filter::default() }, Some(limit), 0).await?;
    query::collect(rows, Duration::from_secs(60)).await
}

async fn list_latest(
    db: &impl GenericClient,
    filter: &Filter,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Job>> {
    let sql = include_str!("../../sql/queries/jobs/list_latest.sql");
    let Filter { status, task, created_from, created_to, finished_from, finished_to } = filter;
    let status = status.map(JobStatus::word);
    query::rows(
        db,
        sql,
        &[&status, task, created_from, created_to, finished_from, finished_to, &limit, &offset],
    )
    .await
}

async fn list_oldest(
    db: &impl GenericClient,
    filter: &Filter,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Job>> {
    let sql = include_str!("../../sql/queries/jobs/list_oldest.sql");
    let Filter { status, task, created_from, created_to, finished_from, finished_to } = filter;
    let status = status.map(JobStatus::word);
    query::rows(
        db,
        sql,
        &[&status, task, created_from, created_to, finished_from, finished_to, &limit, &offset],
    )
    .await
}

/// How many those are.
pub async fn count(db: &impl GenericClient, filter: &Filter) -> Result<i64> {
    let sql = include_str!("../../sql/queries/jobs/count.sql");
    let Filter { status, task, created_from, created_to, finished_from, finished_to } = filter;
    let status = status.map(JobStatus::word);
    let counted: Option<i64> =
        query::scalar(db, sql, &[&status, task, created_from, created_to, finished_from, finished_to])
            .await?;
    Ok(counted.unwrap_or(0))
}

/// One job.
pub async fn find(db: &impl GenericClient, id: Uuid) -> Result<Option<Job>> {
    query::opt(db, include_str!("../../sql/queries/jobs/find.sql"), &[&id]).await
}

/// Has the end of a job notified, if it is not over.
pub async fn await_end(db: &impl GenericClient, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/jobs/await_end.sql"), &[&id]).await?;
    Ok(())
}

/// Takes a job back that waits; says whether there was such a one.
pub async fn cancel(db: &impl GenericClient, id: Uuid) -> Result<bool> {
    Ok(query::exec(db, include_str!("../../sql/queries/jobs/cancel.sql"), &[&id]).await? == 1)
}

/// Has a job wait again that failed or was cancelled; 409 when another with the same `unique_key` is unfinished.
pub async fn retry(db: &impl GenericClient, id: Uuid) -> Result<Option<Job>> {
    query::opt(db, include_str!("../../sql/queries/jobs/retry.sql"), &[&id])
        .await
        .on_constraint("jobs_unique_key_key", || {
            Error::new(Code::Conflict, "another job with this unique_key is unfinished")
        })
}

/// Makes a job that waits due now.
pub async fn make_due(db: &impl GenericClient, id: Uuid) -> Result<Option<Job>> {
    query::opt(db, include_str!("../../sql/queries/jobs/make_due.sql"), &[&id]).await
}

/// Has a piece of those wait again that failed, from the id `after` on.
pub async fn retry_failed(
    db: &impl GenericClient,
    wanted: &RetryRequest,
    after: Uuid,
) -> Result<RetriedPiece> {
    let sql = include_str!("../../sql/queries/jobs/retry_failed.sql");
    let RetryRequest { task, failed_from, failed_to } = wanted;
    query::one(db, sql, &[task, failed_from, failed_to, &after]).await
}

/// How many jobs are due and not yet taken; of very many, only that they are.
pub async fn count_due(db: &impl GenericClient) -> Result<i64> {
    Ok(query::scalar(db, include_str!("../../sql/queries/jobs/count_due.sql"), &[]).await?.unwrap_or(0))
}

/// The tasks that are paused.
pub async fn list_paused(db: &impl GenericClient) -> Result<Vec<String>> {
    let rows = query::raw(db, include_str!("../../sql/queries/jobs/list_paused.sql"), &[]).await?;
    rows.iter().map(|row| Ok(row.try_get("task")?)).collect()
}

/// Has the jobs of a task wait.
pub async fn pause(db: &impl GenericClient, task: &str) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/jobs/pause.sql"), &[&task]).await?;
    Ok(())
}

/// Has the jobs of a task run again.
pub async fn resume(db: &impl GenericClient, task: &str) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/jobs/resume.sql"), &[&task]).await?;
    Ok(())
}

/// Removes jobs that were finished a week ago; answers how many.
pub async fn sweep(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/jobs/sweep.sql"), &[]).await
}
