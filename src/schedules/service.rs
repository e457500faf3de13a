//! Making, changing and removing schedules.

use poem_openapi::types::MaybeUndefined;
use serde_json::json;
use uuid::Uuid;

use super::{
    model::{Filter, NewSchedule, Schedule, ScheduleChange, ScheduleSort},
    planner::next_after,
    rule::{Fault, Rule},
    store,
};
use crate::{
    app::App,
    db::GenericClient,
    error::{Code, Error, Result},
    http::{Caller, Idempotency, List, Wanted},
    jobs::{Task, check_task},
    time::Timestamp,
    validate::Checks,
};

/// Where an `Idempotency-Key` of [`create`] counts.
const PATH: &str = "POST:/api/v1/schedules";
/// The longest pace: a year.
const MOST_SECONDS: i32 = 31_536_000;

/// Makes a schedule. The same key with the same wish gives the same answer.
pub async fn create(
    app: &App,
    tasks: &[&Task],
    caller: Caller,
    mut new: NewSchedule,
    key: Option<&str>,
) -> Result<Schedule> {
    new.name = new.name.trim().to_owned();
    let asked = new.clone();
    let schedule = Schedule {
        id: Uuid::now_v7(),
        name: new.name,
        task: new.task,
        args: new.args.unwrap_or_else(|| json!({})),
        cron: new.cron,
        every_seconds: new.every_seconds,
        solar: new.solar,
        timezone: new.timezone.unwrap_or_else(|| "UTC".into()),
        enabled: new.enabled.unwrap_or(true),
        overlap: new.overlap.unwrap_or_default(),
        built_in: false,
        last_run_at: None,
        next_run_at: None,
        error: None,
        created_at: Timestamp::now(),
        updated_at: Timestamp::now(),
    };
    check(tasks, &schedule).await?;
    let mut db = app.db().await?;
    let transaction = db.transaction().await?;
    let claim = match key {
        Some(key) => match Idempotency::claim(&transaction, caller.user_id, PATH, key, &asked).await? {
            Ok(claim) => Some(claim),
            Err(answer) => return Ok(answer),
        },
        None => None,
    };
    let row = store::insert(&transaction, &schedule).await?;
    let made = planned(&transaction, row).await?;
    if let Some(claim) = claim {
        claim.keep(&transaction, &made).await?;
    }
    transaction.commit().await?;
    app.schedules_due.notify_one();
    Ok(made)
}

/// Schedules.
pub async fn list(app: &App, filter: Filter, sort: ScheduleSort, wanted: Wanted) -> Result<List<Schedule>> {
    let db = app.db().await?;
    let rows = store::list(&db, &filter, sort, wanted.limit(), wanted.offset()).await?;
    wanted.answer(rows, store::count(&db, &filter)).await
}

/// One schedule.
pub async fn get(app: &App, id: Uuid) -> Result<Schedule> {
    store::find(&app.db().await?, id).await?.ok_or_else(no_such_schedule)
}

/// Changes a schedule; what is left out stays. One that came with the server can be switched on and off, and nothing else.
pub async fn change(app: &App, tasks: &[&Task], id: Uuid, change: ScheduleChange) -> Result<Schedule> {
    let mut db = app.db().await?;
    let transaction = db.transaction().await?;
    let mut schedule = store::lock(&transaction, id).await?.ok_or_else(no_such_schedule)?;
    let ScheduleChange { name, task, args, cron, every_seconds, solar, timezone, enabled, overlap } = change;
    let (cron, every_seconds, solar) = (given(cron), given(every_seconds), given(solar));
    let has_rule = cron.is_some() || every_seconds.is_some() || solar.is_some();
    let has_more =
        name.is_some() || task.is_some() || args.is_some() || timezone.is_some() || overlap.is_some();
    if schedule.built_in && (has_rule || has_more) {
        let detail = "this schedule is part of the product: it can be switched off, and nothing else";
        return Err(Error::new(Code::Conflict, detail));
    }
    if has_rule {
        (schedule.cron, schedule.every_seconds, schedule.solar) = (cron, every_seconds, solar);
    }
    schedule.name = name.map_or(schedule.name, |name| name.trim().to_owned());
    schedule.task = task.unwrap_or(schedule.task);
    schedule.args = args.unwrap_or(schedule.args);
    schedule.timezone = timezone.unwrap_or(schedule.timezone);
    schedule.enabled = enabled.unwrap_or(schedule.enabled);
    schedule.overlap = overlap.unwrap_or(schedule.overlap);
    if has_rule || has_more {
        check(tasks, &schedule).await?;
    }
    let row = store::update(&transaction, &schedule).await?;
    let changed = planned(&transaction, row).await?;
    transaction.commit().await?;
    app.schedules_due.notify_one();
    Ok(changed)
}

/// Removes a schedule; its jobs that wait or run go on.
pub async fn remove(app: &App, id: Uuid) -> Result<()> {
    let db = app.db().await?;
    if store::delete(&db, id).await? {
        return Ok(());
    }
    match store::find(&db, id).await? {
        None => Err(no_such_schedule()),
        Some(_) => {
            let detail = "this schedule is part of the product: switch it off instead";
            Err(Error::new(Code::Conflict, detail))
        }
    }
}

/// Refuses what cannot run.
async fn check(tasks: &[&Task], schedule: &Schedule) -> Result<()> {
    let mut checks = Checks::new();
    checks.line(&schedule.name, "name", 1, 255);
    check_task(&mut checks, tasks, &schedule.task);
    let seconds = schedule.every_seconds.unwrap_or(1);
    let message = "must be a whole number from 1 to 31536000";
    checks.that((1..=MOST_SECONDS).contains(&seconds), "every_seconds", message);
    if let Some(solar) = &schedule.solar {
        let (latitude, longitude) = (solar.latitude.abs(), solar.longitude.abs());
        checks.that(latitude <= 90.0, "solar.latitude", "must be from -90 to 90");
        checks.that(longitude <= 180.0, "solar.longitude", "must be from -180 to 180");
    }
    match Rule::of(schedule) {
        Err(Fault { field, message }) => _ = checks.that(false, field, &message),
        Ok(Rule::Cron(_)) => {
            let next = next_after(schedule.clone(), Timestamp::now()).await?;
            checks.that(next.is_ok_and(|next| next.is_some()), "cron", "must name a time that comes");
        }
        Ok(_) => {}
    }
    checks.done()
}

/// The schedule with its next time, written down in the transaction that has made or changed it.
async fn planned(db: &impl GenericClient, row: Schedule) -> Result<Schedule> {
    if !row.enabled || row.next_run_at.is_some() {
        return Ok(row);
    }
    let now = store::now(db).await?;
    let next = next_after(row.clone(), now).await?.unwrap_or_default();
    store::plan(db, &row, next, None).await?;
    Ok(Schedule { next_run_at: next, ..row })
}

fn given<T>(value: MaybeUndefined<T>) -> Option<T> {
    match value {
        MaybeUndefined::Value(value) => Some(value),
        MaybeUndefined::Null | MaybeUndefined::Undefined => None,
    }
}

fn no_such_schedule() -> Error {
    Error::not_found("schedule")
}
