//! Reckons when schedules run, and queues their jobs when the time has come, for as long as the program runs.

use std::time::Duration;

use tokio::{task::spawn_blocking, time::timeout};

use super::{
    model::Schedule,
    rule::{Fault, Rule},
    store,
};
use crate::{
    app::App,
    error::{Error, Result},
    jobs::Task,
    telemetry::metrics::names,
    time::{Timestamp, pause_until},
};

/// How often the table is looked at when nothing is known to be due: the clock may jump, a notification may be lost.
const POLL: Duration = Duration::from_secs(5);
/// The time before it is tried again when the database does not answer.
const AGAIN: Duration = Duration::from_secs(1);

/// So many are looked at at once, as the statements say.
const PIECE: usize = 100;

/// Queues the jobs of schedules, each when its time has come. The regular ones of these tasks are added to the schedules.
pub async fn run(app: App, tasks: Vec<&'static Task>) {
    let regular: Vec<_> = tasks.iter().filter_map(|task| Some((task.name, task.every?))).collect();
    let names: Vec<_> = regular.iter().map(|(name, _)| *name).collect();
    let seconds: Vec<_> =
        regular.iter().map(|(_, every)| i32::try_from(every.as_secs()).unwrap_or(i32::MAX)).collect();
    let mut has_learned = false;
    loop {
        let round = async {
            if !has_learned {
                store::learn(&*app.spare_db().await?, &names, &seconds).await?;
                has_learned = true;
            }
            plan(&app).await?;
            fire(&app, &names).await?;
            store::seconds_to_next(&*app.spare_db().await?, &names).await
        };
        let pause = match round.await {
            Ok(seconds) => seconds.map_or(POLL, |seconds| pause_until(seconds).min(POLL)),
            Err(error) => {
                tracing::debug!(%error, "schedules could not be looked at; trying again");
                AGAIN
            }
        };
        // Who is told of a change looks at once.
        let _ = timeout(pause, app.schedules_due.notified()).await;
    }
}

/// Reckons the next time of each schedule that was made or changed.
async fn plan(app: &App) -> Result<()> {
    loop {
        let db = app.spare_db().await?;
        let unplanned = store::list_unplanned(&*db).await?;
        if unplanned.is_empty() {
            return Ok(());
        }
        let now = store::now(&*db).await?;
        drop(db);
        let count = unplanned.len();
        for schedule in unplanned {
            let (next, error) = match next_after(schedule.clone(), now).await? {
                Ok(next) => (next, None),
                Err(Fault { field, message }) => (None, Some(format!("{field} {message}"))),
            };
            if let Some(error) = &error {
                tracing::warn!(id = %schedule.id, name = schedule.name, error, "a schedule cannot run");
            }
            store::plan(&*app.spare_db().await?, &schedule, next, error.as_deref()).await?;
        }
        if count < PIECE {
            return Ok(());
        }
    }
}

/// Queues the job of each schedule that is due.
async fn fire(app: &App, regular: &[&str]) -> Result<()> {
    loop {
        let db = app.spare_db().await?;
        let due = store::list_due(&*db, regular).await?;
        if due.is_empty() {
            return Ok(());
        }
        let now = store::now(&*db).await?;
        drop(db);
        let count = due.len();
        for schedule in due {
            let Some(due_at) = schedule.next_run_at else { continue };
            let id = schedule.id;
            // What was missed while nobody was here is over: the next time is one that is to come.
            let next = next_after(schedule, now).await?.unwrap_or_default();
            let fired = store::fire(&*app.spare_db().await?, id, due_at, next).await?;
            if fired.is_first {
                let outcome = if fired.queued == 1 { "queued" } else { "skipped" };
                metrics::counter!(names::SCHEDULES, "outcome" => outcome).increment(1);
            }
        }
        if count < PIECE {
            return Ok(());
        }
    }
}

/// The first time of a schedule after `now`. Where the sun does not rise for long, that takes a while.
pub async fn next_after(
    schedule: Schedule,
    now: Timestamp,
) -> Result<std::result::Result<Option<Timestamp>, Fault>> {
    let reckoned = spawn_blocking(move || Ok(Rule::of(&schedule)?.next_after(now.0).map(Timestamp))).await;
    reckoned.map_err(Error::internal)
}
