//! The table `schedules`: one function per query file.

use uuid::Uuid;

use super::model::{Filter, Fired, Schedule, ScheduleSort};
use crate::{
    db::{
        GenericClient,
        query::{self, Rows},
    },
    error::{Error, OnConstraint, Result},
    time::Timestamp,
};

/// Adds a schedule with what people say of it; when it was made, and when it runs, is the database's to say.
pub async fn insert(db: &impl GenericClient, new: &Schedule) -> Result<Schedule> {
    let sql = include_str!("../../sql/queries/schedules/insert.sql");
    let (solar, overlap) = (solar_column(new)?, new.overlap.word());
    let Schedule { id, name, task, args, cron, every_seconds, timezone, enabled, .. } = new;
    query::one(db, sql, &[id, name, task, args, cron, every_seconds, &solar, timezone, enabled, &overlap])
        .await
        .on_constraint("schedules_timezone_check", unknown_zone)
        .on_constraint("schedules_cron_check", unreadable_cron)
}

/// Gives a schedule what people say of it.
pub async fn update(db: &impl GenericClient, schedule: &Schedule) -> Result<Schedule> {
    let sql = include_str!("../../sql/queries/schedules/update.sql");
    let (solar, overlap) = (solar_column(schedule)?, schedule.overlap.word());
    let Schedule { id, name, task, args, cron, every_seconds, timezone, enabled, .. } = schedule;
    query::one(db, sql, &[id, name, task, args, cron, every_seconds, &solar, timezone, enabled, &overlap])
        .await
        .on_constraint("schedules_timezone_check", unknown_zone)
        .on_constraint("schedules_cron_check", unreadable_cron)
}

/// The program knows it, and the database does not: their lists of time zones are of different years.
fn unknown_zone() -> Error {
    Error::invalid_field("timezone", "is not among the time zones that the database knows")
}

fn unreadable_cron() -> Error {
    Error::invalid_field(
        "cron",
        "cannot be read by the database: write it with *, numbers, names, lists, ranges and steps",
    )
}

fn solar_column(schedule: &Schedule) -> Result<Option<serde_json::Value>> {
    schedule.solar.map(serde_json::to_value).transpose().map_err(Error::internal)
}

/// Schedules.
pub async fn list(
    db: &impl GenericClient,
    filter: &Filter,
    sort: ScheduleSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Schedule>> {
    let sql = include_str!("../../sql/queries/schedules/list.sql");
    let Filter { task, enabled, built_in } = filter;
    query::rows(db, sql, &[task, enabled, built_in, &sort.word(), &limit, &offset]).await
}

/// How many those are.
pub async fn count(db: &impl GenericClient, filter: &Filter) -> Result<i64> {
    let sql = include_str!("../../sql/queries/schedules/count.sql");
    let Filter { task, enabled, built_in } = filter;
    Ok(query::scalar(db, sql, &[task, enabled, built_in]).await?.unwrap_or(0))
}

/// One schedule.
pub async fn find(db: &impl GenericClient, id: Uuid) -> Result<Option<Schedule>> {
    query::opt(db, include_str!("../../sql/queries/schedules/find.sql"), &[&id]).await
}

/// One schedule, which nobody else changes until the transaction ends.
pub async fn lock(db: &impl GenericClient, id: Uuid) -> Result<Option<Schedule>> {
    query::opt(db, include_str!("../../sql/queries/schedules/lock.sql"), &[&id]).await
}

/// Removes a schedule, unless it came with the server; says whether there was such a one.
pub async fn delete(db: &impl GenericClient, id: Uuid) -> Result<bool> {
    Ok(query::exec(db, include_str!("../../sql/queries/schedules/delete.sql"), &[&id]).await? == 1)
}

/// Notes the regular tasks of this program, each with the seconds between two runs.
pub async fn learn(db: &impl GenericClient, tasks: &[&str], seconds: &[i32]) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/schedules/learn.sql"), &[&tasks, &seconds]).await?;
    Ok(())
}

/// Those whose next time is to be reckoned.
pub async fn list_unplanned(db: &impl GenericClient) -> Result<Vec<Schedule>> {
    query::all(db, include_str!("../../sql/queries/schedules/list_unplanned.sql"), &[]).await
}

/// Says when one runs next, or why it never does, unless it was changed after `updated_at`.
pub async fn plan(
    db: &impl GenericClient,
    schedule: &Schedule,
    next_run_at: Option<Timestamp>,
    error: Option<&str>,
) -> Result<()> {
    let sql = include_str!("../../sql/queries/schedules/plan.sql");
    query::exec(db, sql, &[&schedule.id, &schedule.updated_at, &next_run_at, &error]).await?;
    Ok(())
}

/// Those whose time has come; of those that came with a server those of these tasks.
pub async fn list_due(db: &impl GenericClient, tasks: &[&str]) -> Result<Vec<Schedule>> {
    query::all(db, include_str!("../../sql/queries/schedules/list_due.sql"), &[&tasks]).await
}

/// Queues the job of the time that has come, and says when the next one is; whoever is not the first does nothing.
pub async fn fire(
    db: &impl GenericClient,
    id: Uuid,
    due_at: Timestamp,
    next_run_at: Option<Timestamp>,
) -> Result<Fired> {
    let sql = include_str!("../../sql/queries/schedules/fire.sql");
    query::one(db, sql, &[&id, &due_at, &next_run_at]).await
}

/// In how many seconds the next one runs; `None` when none does.
pub async fn seconds_to_next(db: &impl GenericClient, tasks: &[&str]) -> Result<Option<f64>> {
    let sql = include_str!("../../sql/queries/schedules/seconds_to_next.sql");
    query::scalar(db, sql, &[&tasks]).await.map(Option::flatten)
}

/// What time it is, by the clock of the database.
pub async fn now(db: &impl GenericClient) -> Result<Timestamp> {
    let now = query::scalar(db, include_str!("../../sql/queries/schedules/now.sql"), &[]).await?;
    Ok(now.unwrap_or_else(Timestamp::now))
}
