//! `trunkline work`

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use super::{Outcome, setup::OfflineApp};
use crate::{
    config::Config,
    jobs::{self, Runner},
    schedules, webhooks, worker,
};

/// Runs jobs until it is told to stop: by SIGTERM or Ctrl-C.
pub async fn run(config: Config) -> Outcome {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let offline = OfflineApp::open_as(config, "work").await?;
    let app = offline.app.clone();
    let grace = Duration::from_secs(u64::from(app.config.http.shutdown_seconds));
    let listen_url = app.config.database.listen_url().map_or(app.database_url.as_str(), |url| url.expose());
    let listening = tokio::spawn(jobs::listen(app.clone(), listen_url.to_owned()));
    let runner = Runner::start(app.clone(), worker::TASKS, grace);
    let concurrency = webhooks::jobs::CONCURRENCY;
    let deliveries = Runner::start_with_concurrency(app.clone(), worker::DELIVERIES, concurrency, grace);
    let planning = tokio::spawn(schedules::run(app.clone(), worker::all()));
    tracing::info!("working; Ctrl-C stops it");
    tokio::select! {
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
    }
    tracing::info!("stopping");
    planning.abort();
    tokio::join!(runner.stop(), deliveries.stop());
    listening.abort();
    offline.close().await;
    Ok(())
}
