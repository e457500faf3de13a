//! Hearing the notification of the jobs.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::{app::App, db::listen::Listening, error::Result};

/// How often the connection is tried when nothing is heard.
const CHECK: Duration = Duration::from_secs(10);
/// The time before a lost connection is made anew; the jobs are looked for meanwhile all the same.
const PAUSE: Duration = Duration::from_secs(1);

/// Whether a payload is the notification of `notify_jobs`.
pub fn is_notification(payload: &str) -> bool {
    payload == "j due"
}

/// Listens for the jobs alone, for as long as the program runs: for a worker that serves nobody.
pub async fn listen(app: App, url: String) {
    loop {
        if let Err(error) = keep_listening(&app, &url).await {
            tracing::warn!(
                "the LISTEN connection has ended; polling for jobs every second: {error}{}",
                error.causes()
            );
        }
        app.pool.discard_idle();
        sleep(PAUSE).await;
        app.jobs_due.send_replace(());
    }
}

async fn keep_listening(app: &App, url: &str) -> Result<()> {
    let mut listening = Listening::start(&Listening::target(url, "work")?, &app.pool.newest).await?;
    loop {
        match timeout(CHECK, listening.next()).await {
            Ok(Some(payload)) if is_notification(&payload) => app.jobs_due.send_replace(()),
            Ok(Some(_)) => {}
            Ok(None) => return Ok(()),
            Err(_) => match timeout(CHECK, listening.check()).await {
                Ok(alive) => alive?,
                Err(_) => return Ok(()),
            },
        }
    }
}
