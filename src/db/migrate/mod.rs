//! Brings a database to what this binary was built with: migrations, functions, triggers.
//!
//! All of it is one transaction: a failure leaves the database as it was. What has not changed is not touched, so a migrate
//! that has nothing to do locks nothing; what has is replaced under locks that are waited for so briefly that a running
//! server goes on, and tried again until they are to be had.

mod locks;
mod pieces;
mod release;
mod rights;
mod session;
mod state;

use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use tokio_postgres::{Client, Error as DbError, Transaction, error::SqlState};

use self::{locks::Locks, pieces::Piece, rights::Before, session::explained, state::State};
use crate::error::{Error, Result};

pub use release::Release;
pub use session::{OLDEST, check_encoding};

/// Only one process migrates a database at a time; the number is arbitrary and never changes.
const ADVISORY_LOCK: i64 = 7_236_015_521;
/// How long it is tried again while somebody holds a table that must be changed.
const TIMEOUT: Duration = Duration::from_secs(120);
/// The pause before the second attempt; each is longer, up to five seconds.
const PAUSE: Duration = Duration::from_millis(300);

/// What failed, and what the database said.
type Failure = (String, DbError);

/// What a migrate did, or how far a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Names of the migrations that this run applied.
    pub applied: Vec<String>,
    /// Functions and triggers that this run made or replaced.
    pub installed: Vec<String>,
    /// The version the database is at now.
    pub version: i32,
}

/// What is told what is being done, step by step.
type Show<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// Applies what is missing and installs every function and trigger that has changed.
pub async fn migrate(url: &str) -> Result<Progress> {
    migrate_to(url, &Release::ours()?).await
}

/// The same; `show` is told each step before it is done.
pub async fn migrate_showing(url: &str, show: Show<'_>) -> Result<Progress> {
    carry_out(url, &Release::ours()?, TIMEOUT, show).await
}

/// The same to what another version would be.
pub async fn migrate_to(url: &str, release: &Release) -> Result<Progress> {
    migrate_within(url, release, TIMEOUT).await
}

/// The same, waiting no longer than this for whoever holds a table, or migrates at the same time.
pub async fn migrate_within(url: &str, release: &Release, patience: Duration) -> Result<Progress> {
    carry_out(url, release, patience, &|_| {}).await
}

async fn carry_out(url: &str, release: &Release, patience: Duration, show: Show<'_>) -> Result<Progress> {
    show("connecting");
    let mut client = session::open(url).await?;
    // Since when a table is waited for, and since when somebody else who migrates.
    let (mut begun, mut behind) = (Instant::now(), Instant::now());
    let (mut pause, mut locks) = (PAUSE, None);
    loop {
        let state = look(&mut client, release).await?;
        if let Some(reason) = state.refusal() {
            return Err(Error::internal(reason));
        }
        if state.is_whole() {
            return Ok(Progress { applied: Vec::new(), installed: Vec::new(), version: state.version });
        }
        session::check(&mut client).await?;
        let locks = locks.get_or_insert_with(|| {
            let migrations = state.pending.iter().filter_map(|migration| migration.sql());
            Locks::of(migrations.chain(state.lacking.iter().map(|piece| piece.sql.as_str())))
        });
        match attempt(&mut client, release, locks, show).await {
            Ok(Some(progress)) => return Ok(progress),
            Ok(None) if behind.elapsed() < patience => {
                show("waiting for another process that migrates this database");
                tracing::info!("another process migrates this database; waiting for it");
                tokio::time::sleep(PAUSE).await;
                begun = Instant::now();
            }
            Ok(None) => return Err(session::others(&mut client, ADVISORY_LOCK, behind.elapsed()).await?),
            Err((_, error)) if session::is_contention(&error) && begun.elapsed() < patience => {
                show("waiting for whoever holds a table");
                tracing::info!(%error, table = locks.held(), "a table could not be locked; trying again");
                tokio::time::sleep(pause).await;
                pause = (pause * 3 / 2).min(Duration::from_secs(5));
                behind = Instant::now();
            }
            Err((_, error)) if session::is_contention(&error) => {
                let table = locks.held().unwrap_or("chats");
                return Err(Error::internal(format!(
                    "nothing was changed: a transaction has held the table {table} for {} seconds; \
                     sql/ops/chat_holders.sql shows whose, then migrate again",
                    begun.elapsed().as_secs()
                )));
            }
            Err((what, error)) => return Err(explained(&what, &error)),
        }
    }
}

/// How far the database is.
async fn look<'a>(client: &mut Client, release: &'a Release) -> std::result::Result<State<'a>, DbError> {
    let transaction = session::begin(client).await?;
    let state = State::read(&transaction, release).await?;
    transaction.commit().await?;
    Ok(state)
}

/// Everything, or nothing and what it was that failed; `None` while somebody else does it.
async fn attempt(
    client: &mut Client,
    release: &Release,
    locks: &mut Locks,
    show: Show<'_>,
) -> std::result::Result<Option<Progress>, Failure> {
    let failed = |what: &str| {
        let what = what.to_owned();
        move |error| (what, error)
    };
    let beginning = failed("the migration did not begin");
    let transaction = session::begin(client).await.map_err(beginning.clone())?;
    // Not waited for in the database: who has died without a word may be known there for a minute more, and who waits for
    // them would have nothing to say.
    let sql = "select pg_try_advisory_xact_lock($1), set_config('lock_timeout', '0', true)";
    let row = transaction.query_one(sql, &[&ADVISORY_LOCK]).await.map_err(beginning.clone())?;
    if !row.try_get::<_, bool>(0).map_err(beginning.clone())? {
        return Ok(None);
    }
    // Another process may have done it meanwhile.
    let state = State::read(&transaction, release).await.map_err(beginning.clone())?;
    show(&format!("{} functions and triggers", state.lacking.len()));
    let (functions, triggers): (Vec<&Piece>, Vec<&Piece>) =
        state.lacking.iter().partition(|piece| piece.name.starts_with("function "));
    let before = Before::read(&transaction).await.map_err(beginning.clone())?;
    let rights = failed("who may use what was made could not be said");
    if state.pending.is_empty() {
        // Functions lock no table: whatever can be done before tables are held is done before.
        install(&transaction, &functions, release).await?;
        rights::settle(&transaction, release, &before).await.map_err(rights)?;
        locks.take(&transaction).await.map_err(beginning.clone())?;
    } else {
        locks.take(&transaction).await.map_err(beginning.clone())?;
        for migration in &state.pending {
            show(&format!("migration {migration}"));
            let failed = failed(&format!("migration {migration} failed"));
            apply(&transaction, migration).await.map_err(failed)?;
        }
        install(&transaction, &functions, release).await?;
        rights::settle(&transaction, release, &before).await.map_err(rights)?;
    }
    install(&transaction, &triggers, release).await?;
    transaction.commit().await.map_err(failed("the migration could not be committed"))?;
    Ok(Some(Progress {
        applied: state.pending.iter().map(ToString::to_string).collect(),
        installed: state.lacking.iter().map(|piece| piece.name.clone()).collect(),
        version: release.latest(),
    }))
}

/// Makes functions or triggers, and notes them. All are sent at once: tables may be held.
async fn install(
    db: &Transaction<'_>,
    pieces: &[&Piece],
    release: &Release,
) -> std::result::Result<(), Failure> {
    try_join_all(pieces.iter().map(async |piece| {
        let failed = |error| (format!("{} could not be installed", piece.name), error);
        let sql = [Some(piece.sql.as_str()), piece.comment.as_deref()];
        let sql: Vec<_> = sql.into_iter().flatten().collect();
        db.batch_execute(&sql.join(";\n")).await.map_err(failed)
    }))
    .await?;
    let names: Vec<_> = pieces.iter().map(|piece| piece.name.as_str()).collect();
    let hashes: Vec<_> = pieces.iter().map(|piece| piece.hash.as_str()).collect();
    let sql = "insert into public.installed_functions (name, hash, release)
        select name, hash, $3 from unnest($1::text[], $2::text[]) as piece (name, hash)
        on conflict (name) do update set hash = excluded.hash, release = $3, installed_at = now()";
    let noted = db.execute(sql, &[&names, &hashes, &release.version]).await;
    noted.map(drop).map_err(|error| ("what was installed could not be noted".to_owned(), error))
}

/// Runs a migration and notes it, as refinery would.
async fn apply(db: &Transaction<'_>, migration: &refinery::Migration) -> std::result::Result<(), DbError> {
    let history = "create table if not exists public.refinery_schema_history
        (version int4 primary key, name varchar(255), applied_on varchar(255), checksum varchar(255))";
    db.batch_execute(history).await?;
    db.batch_execute(migration.sql().unwrap_or_default()).await?;
    let note = "insert into public.refinery_schema_history (version, name, applied_on, checksum)
        values ($1, $2, to_char(now() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), $3)";
    db.execute(note, &[&migration.version(), &migration.name(), &migration.checksum().to_string()]).await?;
    Ok(())
}

/// Refuses a database that is not whole: of another version, or without one of its functions and triggers.
pub async fn require_whole(url: &str) -> Result<i32> {
    let mut client = session::open(url).await?;
    let release = Release::ours()?;
    let state = look(&mut client, &release).await.map_err(|error| match error.code() {
        Some(&SqlState::INSUFFICIENT_PRIVILEGE) => Error::internal(
            "this role may not see how far the database is: have its owner run sql/ops/roles_and_grants.sql again",
        ),
        _ => error.into(),
    })?;
    let shortfall =
        state.shortfall().map(|lack| format!("{lack}: run `trunkline migrate`, or serve with --migrate"));
    match state.refusal().or(shortfall) {
        Some(reason) => Err(Error::internal(reason)),
        None => Ok(state.version),
    }
}

/// The version this binary was built with.
pub fn latest() -> i32 {
    Release::ours().map_or(0, |release| release.latest())
}

/// The version a database is at; 0 when it has never been migrated.
pub async fn version(url: &str) -> Result<i32> {
    let mut client = session::open(url).await?;
    Ok(look(&mut client, &Release::ours()?).await?.version)
}
