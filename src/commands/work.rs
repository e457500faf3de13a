//! `trunkline work`

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use super::{Outcome, setup::OfflineApp};
use crate::{
    app::App,
    config::Config,
    events,
    jobs::{self, Runner},
    messages::{self, Outbox},
    realtime::Notification,
    roles, schedules,
    server::operations,
    webhooks, worker,
};

/// Runs jobs, and does the timed work, until it is told to stop: by SIGTERM or Ctrl-C.
pub async fn run(config: Config) -> Outcome {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let offline = OfflineApp::open_as(config, "work").await?;
    let app = offline.app.clone();
    let grace = Duration::from_secs(u64::from(app.config.http.shutdown_seconds));
    let listen_url = app.config.database.listen_url().map_or(app.database_url.as_str(), |url| url.expose());
    // Whether somebody may send what was scheduled is asked of their roles, also where no server has run yet.
    if let Err(error) = roles::service::learn(&app, &operations()).await {
        offline.close().await;
        return Err(error.into());
    }
    let listening = tokio::spawn(jobs::listen(app.clone(), listen_url.to_owned(), receive));
    let runner = Runner::start(app.clone(), worker::TASKS, grace);
    let concurrency = webhooks::jobs::CONCURRENCY;
    let deliveries = Runner::start_with_concurrency(app.clone(), worker::DELIVERIES, concurrency, grace);
    let outbox = Outbox::start(app.pool.clone());
    let timed = [
        tokio::spawn(schedules::run(app.clone(), worker::all())),
        tokio::spawn(messages::scheduled::run(app.clone(), outbox)),
        tokio::spawn(events::due::run(app.clone())),
    ];
    tracing::info!("working; Ctrl-C stops it");
    tokio::select! {
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
    }
    tracing::info!("stopping");
    for task in &timed {
        task.abort();
    }
    tokio::join!(runner.stop(), deliveries.stop());
    listening.abort();
    offline.close().await;
    Ok(())
}

/// Tells those whom a notification concerns, beside the jobs and schedules: what is due sooner, and whose roles are others.
fn receive(app: &App, payload: &str) {
    if messages::scheduled::is_notification(payload) {
        app.scheduled_due.notify_one();
    } else if events::due::is_notification(payload) {
        app.places_due.notify_one();
    } else {
        match Notification::parse(payload) {
            Some(Notification::RolesGiven(people)) => app.permissions.forget(&people),
            Some(Notification::RolesChanged) => app.permissions.forget_all(),
            _ => {}
        }
    }
}
