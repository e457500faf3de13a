//! `trunkline serve`

use std::io::IsTerminal;

use tokio::signal::unix::{SignalKind, signal};

use super::{
    Outcome, doctor,
    setup::{Database, complete_secrets, raise_descriptor_limit, require_migrated},
};
use crate::{
    app::App,
    auth,
    config::{Config, LogFormat},
    db::{migrate::migrate, pool},
    messages::Outbox,
    server::{self, Server},
    time::Timestamp,
};

/// What a server needs beside its connections: the database, files, the log.
const SPARE_DESCRIPTORS: u64 = 256;

/// Serves until it is told to stop: by SIGTERM or Ctrl-C. `one_by_one` is for the benchmark: no send shares a commit.
pub async fn run(mut config: Config, migrate_first: bool, one_by_one: bool) -> Outcome {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    config.check_for_serving()?;
    let (places, given) = (config.http.max_connections as u64, raise_descriptor_limit());
    if given.is_some_and(|given| given < places + SPARE_DESCRIPTORS) {
        tracing::warn!(given, places, "the system gives fewer descriptors than http.max_connections needs");
    }
    // The address first: when it is taken there is no sense in starting a database.
    let listener = server::bind(&mut config)?;
    let database = tokio::select! {
        database = Database::open(&config) => database?,
        _ = terminated.recv() => return Ok(()),
        _ = interrupted.recv() => return Ok(()),
    };
    let outcome = async {
        complete_secrets(&mut config)?;
        if database.cluster.is_none() {
            pool::check(&database.url).await?;
        }
        if migrate_first || database.cluster.is_some() {
            let progress = migrate(&database.url).await?;
            if !progress.installed.is_empty() {
                tracing::info!(version = progress.version, "database migrated");
            }
        } else {
            require_migrated(&database.url).await?;
        }
        let terminal = std::io::stdout().is_terminal();
        let is_pretty = config.log.format.map_or(terminal, |format| format == LogFormat::Pretty);
        let app = App::new(config, database.url.clone())?;
        doctor::server::writes(&app).await?;
        app.storage.check().await?;
        auth::service::ensure_admin(&app).await?;
        let url = app.public_url();
        let outbox = match one_by_one {
            true => Outbox::one_by_one(app.pool.clone()),
            false => Outbox::start(app.pool.clone()),
        };
        let server = Server::start_with(app, listener, outbox).await?;
        announce(&url, is_pretty);
        let exited = async {
            match &database.cluster {
                Some(cluster) => cluster.exited().await,
                None => std::future::pending().await,
            }
        };
        let failure = tokio::select! {
            reason = exited => Some(reason),
            _ = terminated.recv() => None,
            _ = interrupted.recv() => None,
        };
        tracing::info!("stopping");
        server.stop().await;
        match failure {
            Some(reason) => Err(format!("the private PostgreSQL is gone: {reason}").into()),
            None => Ok(()),
        }
    };
    let outcome = outcome.await;
    database.close().await;
    tracing::info!("stopped");
    outcome
}

/// Says where to go, whatever the level of the log: for people, or as one more line of JSON.
#[expect(clippy::print_stdout, reason = "the answer of a command")]
fn announce(url: &str, is_pretty: bool) {
    if !is_pretty {
        let places = [("web", "/"), ("api", "/api/v1"), ("docs", "/docs"), ("health", "/healthcheck")];
        let mut line = serde_json::json!({"timestamp": Timestamp::now(), "level": "INFO", "message": "Trunkline is ready"});
        for (name, path) in places {
            line[name] = format!("{url}{path}").into();
        }
        return println!("{line}");
    }
    println!("Trunkline is ready; Ctrl-C stops it.\n");
    println!("  open     {url}/");
    println!("  API      {url}/api/v1");
    println!("  docs     {url}/docs");
    println!("  health   {url}/healthcheck\n");
}
