//! The tables `jobs` and `ticks`: one function per query file.

use std::time::Duration;

use crate::db::Pool;
use serde_json::Value;
use uuid::Uuid;

use super::model::{Job, NewJob, Taken};
use crate::{
    db::{GenericClient, query},
    error::Result,
};

/// Queues a job, in the caller's transaction; answers the unfinished one with the same `unique_key`, if there is one.
pub async fn queue(db: &impl GenericClient, new: NewJob<'_>) -> Result<Job> {
    let sql = include_str!("../../sql/queries/jobs/queue.sql");
    let NewJob { task, args, run_at, priority, unique_key, max_attempts } = new;
    let id = Uuid::now_v7();
    query::one(db, sql, &[&id, &task, &args, &run_at, &priority, &unique_key, &max_attempts]).await
}

/// Queues the regular tasks, each with the seconds between two turns, whose turn it is.
pub async fn queue_regular(db: &impl GenericClient, tasks: &[&str], seconds: &[f64]) -> Result<u64> {
    query::exec(db, include_str!("../../sql/queries/jobs/queue_regular.sql"), &[&tasks, &seconds]).await
}

/// Takes up to `most` jobs of these tasks that are due, for as long as `lease` says.
pub async fn take(db: &impl GenericClient, tasks: &[&str], most: i64, lease: Duration) -> Result<Vec<Taken>> {
    let sql = include_str!("../../sql/queries/jobs/take.sql");
    query::all(db, sql, &[&tasks, &most, &lease.as_secs_f64()]).await
}

/// In how many seconds the next job is due, whoever's it is: less than 0 when it is due already, `None` when none waits.
pub async fn seconds_to_next(db: &impl GenericClient) -> Result<Option<f64>> {
    query::scalar(db, include_str!("../../sql/queries/jobs/seconds_to_next.sql"), &[])
        .await
        .map(Option::flatten)
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

/// Takes the jobs whose lease has lapsed away from whoever ran them.
pub async fn take_back(db: &impl GenericClient) -> Result<u64> {
    query::exec(db, include_str!("../../sql/queries/jobs/take_back.sql"), &[]).await
}

/// Notes that a job was done; `false` when the lease was no longer good.
pub async fn succeed(db: &impl GenericClient, id: Uuid, lease: Uuid, result: &Value) -> Result<bool> {
    let sql = include_str!("../../sql/queries/jobs/succeed.sql");
    Ok(query::exec(db, sql, &[&id, &lease, &result]).await? == 1)
}

/// Notes that an attempt failed, and when the next may begin; answers what the job is now, or `None` when the lease was
/// no longer good.
pub async fn fail(
    db: &impl GenericClient,
    id: Uuid,
    lease: Uuid,
    error: &str,
    pause: Duration,
) -> Result<Option<String>> {
    let sql = include_str!("../../sql/queries/jobs/fail.sql");
    query::scalar(db, sql, &[&id, &lease, &error, &pause.as_secs_f64()]).await
}

/// Gives jobs back that were not finished, or not begun; they are due again after `pause`.
pub async fn give_back(
    db: &impl GenericClient,
    ids: &[Uuid],
    leases: &[Uuid],
    pause: Duration,
) -> Result<u64> {
    let sql = include_str!("../../sql/queries/jobs/give_back.sql");
    query::exec(db, sql, &[&ids, &leases, &pause.as_secs_f64()]).await
}

/// Jobs, the latest first; of one status, or all.
pub async fn list(db: &impl GenericClient, status: Option<&str>, limit: i64) -> Result<Vec<Job>> {
    query::all(db, include_str!("../../sql/queries/jobs/list.sql"), &[&status, &limit]).await
}

/// How many jobs are due and not yet taken; of very many, only that they are.
pub async fn count_due(db: &impl GenericClient) -> Result<i64> {
    Ok(query::scalar(db, include_str!("../../sql/queries/jobs/count_due.sql"), &[]).await?.unwrap_or(0))
}

/// Removes jobs that were finished a week ago; answers how many.
pub async fn sweep(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/jobs/sweep.sql"), &[]).await
}
