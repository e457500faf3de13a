//! `trunkline doctor`

mod machine;
pub(super) mod server;

use std::{future::Future, time::Duration};

use serde_json::json;
use tokio::time::{Instant, timeout};
use tokio_postgres::error::SqlState;

use super::{
    Outcome, answer,
    setup::{Database, complete_secrets},
};
use crate::{
    app::App,
    config::Config,
    db::{
        listen::{Listening, notify},
        migrate, pool, query,
    },
    error::{Error, Result},
};

/// What one check may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A check: what it looked at, and what it found.
struct Finding {
    name: &'static str,
    outcome: std::result::Result<Verdict, String>,
}

/// What a check has found that does not stop the server.
enum Verdict {
    /// All is well.
    Fine(String),
    /// Somebody should look after it.
    Warning(String),
    /// It was not looked at, and when it will be.
    Skipped(String),
}

impl Verdict {
    /// Of what the migrations make.
    fn before_migrations() -> Self {
        Self::Skipped("after the migrations".to_owned())
    }
}

impl From<String> for Verdict {
    fn from(detail: String) -> Self {
        Self::Fine(detail)
    }
}

impl Finding {
    /// The word before it, whether it is well, and the sentence.
    fn told(&self) -> (&'static str, bool, &str) {
        match &self.outcome {
            Ok(Verdict::Fine(detail)) => ("ok", true, detail),
            Ok(Verdict::Warning(detail)) => ("warn", true, detail),
            Ok(Verdict::Skipped(detail)) => ("skip", true, detail),
            Err(detail) => ("FAIL", false, detail),
        }
    }
}

/// Checks everything the server needs.
pub async fn run(mut config: Config, json: bool) -> Outcome {
    let mut findings = Vec::new();
    let opened = match Database::require(&config) {
        Ok(()) => Database::open_beside(&config).await,
        Err(error) => Err(error),
    };
    match opened {
        Ok(database) => {
            let prepared = match complete_secrets(&mut config) {
                Ok(()) => App::named(config, database.url.clone(), "trunkline doctor").map_err(Into::into),
                Err(error) => Err(error),
            };
            match prepared {
                Ok(app) => findings = Box::pin(examine(&app)).await,
                Err(error) => {
                    findings.push(Finding { name: "configuration", outcome: Err(error.to_string()) });
                }
            }
            database.close().await;
        }
        Err(error) => findings.push(Finding { name: "database", outcome: Err(error.to_string()) }),
    }
    let failed = findings.iter().filter(|finding| finding.outcome.is_err()).count();
    if json {
        let checks: Vec<_> = findings
            .iter()
            .map(|finding| {
                let (word, ok, detail) = finding.told();
                // What was not looked at is nothing to rely on.
                let warning = word == "warn" || word == "skip";
                json!({"check": finding.name, "ok": ok, "warning": warning, "detail": detail})
            })
            .collect();
        answer(json!({"ok": failed == 0, "checks": checks}))?;
    } else {
        for finding in &findings {
            let (word, _, detail) = finding.told();
            answer(format_args!("{word:<5} {:<19} {detail}", finding.name))?;
        }
    }
    match failed {
        0 => Ok(()),
        1 => Err("one check failed".into()),
        _ => Err(format!("{failed} checks failed").into()),
    }
}

async fn examine(app: &App) -> Vec<Finding> {
    let database = check("database", version(app)).await;
    let is_there = database.outcome.is_ok();
    let mut findings = vec![database];
    // Where there is none, each of these would say so once more.
    if is_there {
        findings.extend([
            check("writes", server::writes(app)).await,
            check("durability", server::durability(app)).await,
            check("statements", statements(app)).await,
            check("migrations", migrations(app)).await,
            check("rights", server::rights(app)).await,
            check("pg_trgm", trigrams(app)).await,
            check("case folding", case_folding(app)).await,
            check("notify", notifications(app)).await,
            check("queue", server::queue(app)).await,
            check("connections", server::connections(app)).await,
            check("snapshots", server::snapshots(app)).await,
            check("transaction numbers", server::ages(app)).await,
            check("clock", machine::clock(app)).await,
        ]);
    }
    if app.replica.is_some() {
        findings.push(check("replica", server::replica(app)).await);
    }
    findings.extend([
        check("storage", storage(app)).await,
        check("temporary", machine::temporary_folder()).await,
        check("space", machine::space(app)).await,
    ]);
    findings
}

async fn check<V: Into<Verdict>>(
    name: &'static str,
    examination: impl Future<Output = Result<V>>,
) -> Finding {
    let outcome = match timeout(TIMEOUT, examination).await {
        Ok(outcome) => outcome.map(Into::into).map_err(|error| super::sentence(&error)),
        Err(_) => Err(format!("no answer within {} seconds", TIMEOUT.as_secs())),
    };
    Finding { name, outcome }
}

async fn version(app: &App) -> Result<String> {
    let db = app.db().await?;
    let number: Option<i32> =
        query::scalar(&db, include_str!("../../sql/queries/doctor/version.sql"), &[]).await?;
    let number = number.unwrap_or_default();
    let text = format!("PostgreSQL {}.{}", number / 10_000, number % 10_000);
    if number >= migrate::OLDEST {
        Ok(text)
    } else {
        Err(Error::internal(format!("{text}: 15 or newer is needed")))
    }
}

async fn statements(app: &App) -> Result<String> {
    pool::check(&app.database_url).await?;
    Ok("stay prepared".to_owned())
}

async fn migrations(app: &App) -> Result<String> {
    let version = migrate::require_whole(&app.database_url).await?;
    Ok(format!("at version {version}, with all functions and triggers"))
}

async fn trigrams(app: &App) -> Result<Verdict> {
    let sql = include_str!("../../sql/queries/doctor/pg_trgm.sql");
    let version: Option<String> = query::scalar(&app.db().await?, sql, &[]).await?;
    match version {
        Some(version) => Ok(Verdict::Fine(version)),
        None if server::tables(app).await?.is_empty() => Ok(Verdict::before_migrations()),
        None => Err(Error::internal("the extension is not installed: `trunkline migrate` installs it")),
    }
}

async fn case_folding(app: &App) -> Result<Verdict> {
    let db = app.db().await?;
    let encoding: Option<String> =
        query::scalar(&db, include_str!("../../sql/queries/doctor/encoding.sql"), &[]).await?;
    let encoding = encoding.unwrap_or_default();
    migrate::check_encoding(&encoding)?;
    let sql = include_str!("../../sql/queries/doctor/letters.sql");
    let folds: Option<bool> = match query::scalar(&db, sql, &[]).await {
        Err(error) if error.sql_state() == Some(&SqlState::UNDEFINED_FUNCTION) => {
            return Ok(Verdict::before_migrations());
        }
        folds => folds?,
    };
    match folds {
        Some(true) => Ok(Verdict::Fine(encoding)),
        _ => Err(Error::internal(
            "upper and lower case are told apart beyond English, so an e-mail or a title could be taken twice: the \
             collation `letters` is not the one that `trunkline migrate` has made",
        )),
    }
}

/// Notifies through the pool, and receives it on the connection that listens, as with a message.
async fn notifications(app: &App) -> Result<String> {
    let listen_url = app.config.database.listen_url().map_or(app.database_url.as_str(), |url| url.expose());
    let mut listening = Listening::start(&Listening::target(listen_url, "doctor")?, &app.pool.newest).await?;
    let token = format!("p {}", uuid::Uuid::new_v4());
    let started = Instant::now();
    notify(&app.pool, &token).await?;
    let wait = Duration::from_secs(5);
    while let Ok(Some(payload)) = timeout(wait.saturating_sub(started.elapsed()), listening.next()).await {
        if payload == token {
            return Ok(format!("there and back in {:.1} ms", started.elapsed().as_secs_f64() * 1e3));
        }
    }
    Err(Error::internal(
        "a NOTIFY does not come through: with a pooler, set database.listen_url to a direct connection",
    ))
}

async fn storage(app: &App) -> Result<String> {
    app.storage.check().await?;
    Ok(match &app.config.storage.s3 {
        Some(s3) => format!("bucket {}", s3.bucket),
        None => app.config.data_dir.join("files").display().to_string(),
    })
}
