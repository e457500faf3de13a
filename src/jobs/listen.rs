//! Receiving the notifications of the jobs.

use std::time::Duration;

use chrono::DateTime;
use tokio::time::{sleep, timeout};

use crate::{
    app::{App, JobsDue},
    db::listen::Listening,
    error::Result,
    time::Timestamp,
};

/// How often the connection is tried when nothing is received.
const CHECK: Duration = Duration::from_secs(10);
/// The time before a lost connection is made anew; the jobs are looked for meanwhile all the same.
const PAUSE: Duration = Duration::from_secs(1);

/// Tells those whom a payload concerns, if it is about jobs or schedules; says whether it is. `j due` with the microseconds since
/// 1970 from which on something is due and the tasks it is of, or without, where it may be anything; `j plan` of a schedule; `j` with the ids of jobs
/// that have ended, and that somebody waits for.
pub fn receive(app: &App, payload: &str) -> bool {
    let Some(news) = payload.strip_prefix("j ") else { return false };
    match news.split_once(' ').unwrap_or((news, "")) {
        ("due", what) => {
            // Nobody listens where no jobs are run.
            let _ = app.jobs_due.send(due(what));
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

/// What `j due` says; what cannot be read may be anything.
fn due(what: &str) -> JobsDue {
    let (since, tasks) = match what.split_once(' ') {
        Some((since, tasks)) => (since, Some(tasks.split(',').map(str::to_owned).collect())),
        None => (what, None),
    };
    match since.parse().ok().and_then(DateTime::from_timestamp_micros) {
        Some(since) => JobsDue { since: Some(Timestamp(since)), tasks },
        None => JobsDue::default(),
    }
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
    // Whatever was committed before this LISTEN was not received.
    app.permissions.forget_all();
    app.recheck_due();
    loop {
        match timeout(CHECK, listening.next()).await {
            Ok(Some(payload)) if receive(app, &payload) => {}
            Ok(Some(payload)) => told(app, &payload),
            Ok(None) => return Ok(()),
            Err(_) => match timeout(CHECK, listening.check()).await {
                Ok(alive) => alive?,
                Err(_) => return Ok(()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notification_says_since_when_and_of_which_tasks() {
        let full = due("1700000000000000 echo,deliver_webhook");
        assert_eq!(full.tasks.as_deref(), Some(&["echo".to_owned(), "deliver_webhook".to_owned()][..]));
        assert_eq!(full.since.map(|since| since.0.timestamp()), Some(1_700_000_000));
        let short = due("1700000000000000");
        assert!(short.since.is_some() && short.tasks.is_none());
        for strange in ["", "soon", "soon echo", "99999999999999999999 echo"] {
            let anything = due(strange);
            assert!(anything.since.is_none() && anything.tasks.is_none(), "{strange}");
        }
    }
}
