//! What the database server must give, and what wears it out.

use crate::{
    app::App,
    db::{listen, query},
    error::{Error, Result},
};

use super::Verdict;

/// Transaction numbers in use, of two thousand million, from which somebody must look after the database.
const AGED: i32 = 1_000_000_000;
/// The same, from which it will soon stop taking writes.
const NEAR_WRAPAROUND: i32 = 1_800_000_000;
/// A transaction that is open for longer is somebody's mistake, or a dump.
const LONG: i64 = 60;
/// The same where the beginning is not told (a replication slot, a standby, the session of another role), in transactions since.
const MANY: i64 = 10_000;
/// A queue of notifications that is fuller than this has a listener that does not listen.
const HALF_FULL: f64 = 0.5;

/// Whether it takes writes at all.
pub(in crate::commands) async fn writes(app: &App) -> Result<String> {
    let sql = include_str!("../../../sql/queries/doctor/writes.sql");
    let reason: Option<Option<String>> = query::scalar(&app.db().await?, sql, &[]).await?;
    match reason.flatten() {
        None => Ok("are taken".to_owned()),
        Some(reason) => Err(Error::internal(format!(
            "writes are refused: {reason}. Serve from the primary: name every host in database.url and add \
             target_session_attrs=read-write"
        ))),
    }
}

/// Whether what was acknowledged is on the disk.
pub(super) async fn durability(app: &App) -> Result<Verdict> {
    let sql = include_str!("../../../sql/queries/doctor/durability.sql");
    let lax: Vec<(String, String)> = query::pairs(&app.db().await?, sql, &[]).await?;
    if lax.is_empty() {
        return Ok(Verdict::Fine("a commit is on the disk before it is acknowledged".to_owned()));
    }
    let lax: Vec<_> = lax.into_iter().map(|(name, value)| format!("{name} = {value}")).collect();
    Ok(Verdict::Warning(format!(
        "{}: messages that were acknowledged are lost when the database's machine fails; set it on, for this role \
         (alter role … reset), the database or the server",
        lax.join(", ")
    )))
}

/// The tables of the product; none before the migrations.
pub(super) async fn tables(app: &App) -> Result<Vec<String>> {
    let sql = include_str!("../../../sql/queries/doctor/tables.sql");
    let rows = query::raw(&app.db().await?, sql, &[]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Whether the role may do what a server does.
pub(super) async fn rights(app: &App) -> Result<Verdict> {
    let tables = tables(app).await?;
    if tables.is_empty() {
        return Ok(Verdict::before_migrations());
    }
    let db = app.db().await?;
    let rows = query::raw(&db, include_str!("../../../sql/queries/doctor/rights.sql"), &[&tables]).await?;
    let lacking: Vec<String> = rows.iter().map(|row| Ok(row.try_get(0)?)).collect::<Result<_>>()?;
    if lacking.is_empty() {
        return Ok(Verdict::Fine(format!("to read and write {} tables", tables.len())));
    }
    Err(Error::internal(format!(
        "this role may not use {}: run sql/ops/roles_and_grants.sql as the owner of the tables",
        lacking.join("; ")
    )))
}

/// Whether it gives as many connections as the pool may want, and one to LISTEN.
pub(super) async fn connections(app: &App) -> Result<Verdict> {
    let sql = include_str!("../../../sql/queries/doctor/connections.sql");
    let (most, free): (i32, i32) =
        query::pairs(&app.db().await?, sql, &[]).await?.into_iter().next().unwrap_or_default();
    let wanted = app.config.database.pool_size() + 1;
    let text = format!("{most} at most, {free} free; one instance has up to {wanted}");
    if usize::try_from(most).unwrap_or_default() >= wanted {
        Ok(Verdict::Fine(text))
    } else {
        Ok(Verdict::Warning(format!("{text}: requests will wait for each other; lower database.pool_size")))
    }
}

/// How far it is from running out of transaction numbers.
pub(super) async fn ages(app: &App) -> Result<Verdict> {
    let sql = include_str!("../../../sql/queries/doctor/ages.sql");
    let (age, _): (i32, i32) =
        query::pairs(&app.db().await?, sql, &[]).await?.into_iter().next().unwrap_or_default();
    let text = format!("{} of 2,000 million in use", age / 1_000_000);
    if age >= NEAR_WRAPAROUND {
        Err(Error::internal(format!("{text}: VACUUM FREEZE the database, or it stops taking writes")))
    } else if age >= AGED {
        Ok(Verdict::Warning(format!(
            "{text}: autovacuum does not keep up, or somebody holds an old snapshot"
        )))
    } else {
        Ok(Verdict::Fine(text))
    }
}

/// Who holds the oldest snapshot.
pub(super) async fn snapshots(app: &App) -> Result<Verdict> {
    let sql = include_str!("../../../sql/queries/doctor/oldest_transaction.sql");
    let rows = query::raw(&app.db().await?, sql, &[]).await?;
    let Some(row) = rows.first() else { return Ok(Verdict::Fine("nobody holds an old one".to_owned())) };
    let (by, age, seconds): (String, i64, Option<i64>) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let since = seconds.map_or(String::new(), |seconds| format!(" and {seconds} s"));
    let text = format!("the oldest is {age} transactions{since} old, held by {by}");
    if seconds.is_some_and(|seconds| seconds >= LONG) || (seconds.is_none() && age >= MANY) {
        return Ok(Verdict::Warning(format!(
            "{text}: what was changed since cannot be cleaned up, and posts to busy chats become slow"
        )));
    }
    Ok(Verdict::Fine(text))
}

/// How full the queue of notifications is.
pub(super) async fn queue(app: &App) -> Result<Verdict> {
    let usage = listen::queue_usage(&app.db().await?).await?;
    let text = format!("{:.1} % of the queue of notifications in use", usage * 100.0);
    if usage >= HALF_FULL {
        Ok(Verdict::Warning(format!(
            "{text}: a listener has an open transaction (sql/ops/notification_queue.sql)"
        )))
    } else {
        Ok(Verdict::Fine(text))
    }
}

/// Whether `database.read_url` leads to a replica, and how far it is behind. Without it the primary is asked, so nothing of
/// this stops the server.
pub(super) async fn replica(app: &App) -> Result<Verdict> {
    let Some(replica) = &app.replica else { return Ok(Verdict::Fine("none is configured".to_owned())) };
    match replica.lag().await {
        Ok(Some(behind)) => Ok(Verdict::Fine(format!("is at most {behind:.1} s behind"))),
        Ok(None) => Ok(Verdict::Warning("database.read_url leads to a server that is no replica".to_owned())),
        Err(error) => Ok(Verdict::Warning(format!(
            "cannot be asked: {error}{}; the primary carries all",
            error.causes()
        ))),
    }
}
