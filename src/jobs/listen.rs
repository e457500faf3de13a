//! Hearing the notifications of the jobs.

use std::time::Duration;

use chrono::DateTime;
use tokio::time::{sleep, timeout};

use crate::{app::App, db::listen::Listening, error::Result, time::Timestamp};

/// How often the connection is tried when nothing is heard.
const CHECK: Duration = Duration::from_secs(10);
/// The time before a lost connection is made anew; the jobs are looked for meanwhile all the same.
const PAUSE: Duration = Duration::from_secs(1);

/// Tells those whom a payload concerns, if it is about jobs or schedules; says whether it is. `j due` with the microseconds since
/// 1970 from which on something is due, or without, where it may be anything; `j plan` of a schedule; `j` with the ids of jobs
/// that have ended, and that somebody waits for.
pub fn hear(app: &App, payload: &str) -> bool {
    let Some(news) = payload.strip_prefix("j ") else { return false };
    match news.split_once(' ').unwrap_or((news, "")) {
        ("due", since) => {
            let since = since.parse().ok().and_then(DateTime::from_timestamp_micros).map(Timestamp);
            // Nobody listens where no jobs are run.
            let _ = app.jobs_due.send(since);
        }
        ("plan", _) => app.schedules_due.notify_one(),
        (ids, _) => {
            for id in ids.split(',').filter_map(|id| id.parse().ok()) {
                let _ = app.jobs_ended.send(id);
            }
        }
    }
    true
}

/// Listens for as long as the program runs, for a worker that serves nobody: `told` is given every notification that is not
/// about jobs or schedules.
pub async fn listen(app: App, url: String, told: impl Fn(&App, &str)) {
    loop {
        if let Err(error) = keep_listening(&app, &url, &told).await {
            tracing::warn!(
                "the LISTEN connection has ended; polling for jobs every second: {error}{}",
                error.causes()
            );
        }
        app.pool.discard_idle();
        sleep(PAUSE).await;
        app.recheck_due();
    }
}

async fn keep_listening(app: &App, url: &str, told: &impl Fn(&App, &str)) -> Result<()> {
    let mut listening = Listening::start(&Listening::target(url, "work")?, &app.pool.newest).await?;
    // Whatever was committed before this LISTEN was not heard.
    app.permissions.forget_all();
    app.recheck_due();
    loop {
        match timeout(CHECK, listening.next()).await {
            Ok(Some(payload)) if hear(app, &payload) => {}
            Ok(Some(payload)) => told(app, &payload),
            Ok(None) => return Ok(()),
            Err(_) => match timeout(CHECK, listening.check()).await {
                Ok(alive) => alive?,
                Err(_) => return Ok(()),
            },
        }
    }
}
