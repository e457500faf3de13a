//! The connection that migrates: whatever role and database say, it works under the same settings.

use std::time::Duration;

use tokio_postgres::{Client, Error as DbError, IsolationLevel, Transaction, error::SqlState};

use crate::{
    db::{connect::Target, session},
    error::{Error, Result},
};

/// The oldest PostgreSQL that is supported.
pub const OLDEST: i32 = 150_000;

/// What holds in every transaction. The tables live in `public`; pg_trgm may be elsewhere (`extensions`, at Supabase).
const SETTINGS: &str = "set local statement_timeout = 0;
    set local idle_in_transaction_session_timeout = '60s'; -- not 0: whoever dies here holds the tables until then
    select set_config('transaction_timeout', '0', true) where current_setting('transaction_timeout', true) is not null;
    set local standard_conforming_strings = on;
    set local check_function_bodies = off; -- one function may call another that comes later
    set local array_nulls = on;
    set local transform_null_equals = off;
    set local datestyle = 'ISO';
    set local intervalstyle = 'postgres';
    set local client_min_messages = warning;
    select set_config('search_path', concat_ws(', ', 'public', (
        select quote_ident(nspname)
        from pg_extension
        join pg_namespace on pg_namespace.oid = extnamespace
        where extname = 'pg_trgm' and nspname <> 'public'
    )), true)";

/// Connects.
pub(super) async fn open(url: &str) -> Result<Client> {
    let target = Target::parse(url, "trunkline migrate")?;
    match begin_session(&target).await {
        Err(error) if target.shield(&error) => begin_session(&target).await,
        begun => begun,
    }
}

/// A session whose end the server notices: the tables that a machine holds when it dies are free again after a minute.
async fn begin_session(target: &Target) -> Result<Client> {
    let (client, connection) = target.connect().await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "the migration's connection ended");
        }
    });
    let settings = format!(
        "set statement_timeout = 0; set idle_in_transaction_session_timeout = '60s'; set idle_session_timeout = 0; {}",
        session::WATCH
    );
    client.batch_execute(&settings).await?;
    // Not every server can.
    let _ = client.batch_execute(session::WATCH_RUNNING).await;
    Ok(client)
}

/// Begins a transaction in which everything means what the files mean.
pub(super) async fn begin(client: &mut Client) -> std::result::Result<Transaction<'_>, DbError> {
    let transaction =
        client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start().await?;
    transaction.batch_execute(SETTINGS).await?;
    Ok(transaction)
}

/// Refuses what can't be migrated, before anything is written.
pub(super) async fn check(client: &mut Client) -> Result<()> {
    let sql = "select current_setting('server_version_num')::int4, current_setting('server_encoding'),
        pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',
        coalesce(has_schema_privilege(to_regnamespace('public'), 'create'), false), current_user::text, current_database()::text";
    let transaction = begin(client).await?;
    let row = transaction.query_one(sql, &[]).await?;
    transaction.commit().await?;
    let (number, encoding): (i32, String) = (row.try_get(0)?, row.try_get(1)?);
    let (is_standby, is_read_only, may_create): (bool, bool, bool) =
        (row.try_get(2)?, row.try_get(3)?, row.try_get(4)?);
    let (user, database): (String, String) = (row.try_get(5)?, row.try_get(6)?);
    if number < OLDEST {
        let (major, minor) = (number / 10_000, number % 10_000);
        return Err(Error::internal(format!("this is PostgreSQL {major}.{minor}: 15 or newer is needed")));
    }
    check_encoding(&encoding)?;
    if is_standby {
        return Err(Error::internal(
            "this is a standby, which can only be read: go to the primary, or add target_session_attrs=read-write to the url",
        ));
    }
    if is_read_only {
        return Err(Error::internal(format!(
            "{user} may only read in {database} (default_transaction_read_only is on): set it off for this role or database"
        )));
    }
    if !may_create {
        return Err(Error::internal(format!(
            "{user} may not create tables in the schema public of {database}: migrate as its owner, or \
             `grant create on schema public to \"{user}\"`"
        )));
    }
    Ok(())
}

/// Refuses an encoding that can't hold every text.
pub fn check_encoding(encoding: &str) -> Result<()> {
    match encoding {
        "UTF8" => Ok(()),
        other => Err(Error::internal(format!(
            "the encoding of the database is {other}: create it with encoding 'UTF8' (and template template0)"
        ))),
    }
}

/// What the database said, for the one who migrates.
pub(super) fn explained(what: &str, error: &DbError) -> Error {
    let Some(db) = error.as_db_error() else { return Error::internal(format!("{what}: {error}")) };
    if db.message().contains("pg_trgm") {
        return Error::internal(format!(
            "{what}: {}; have a superuser (or the console of your provider) run `create extension pg_trgm` in this database",
            db.message()
        ));
    }
    let detail = db.detail().map(|detail| format!(" ({detail})")).unwrap_or_default();
    let hint = db.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
    Error::internal(format!("{what}, and nothing was changed: {}{detail}{hint}", db.message()))
}

/// Whoever else migrates this database, and has not come to an end.
pub(super) async fn others(client: &mut Client, lock: i64, waited: Duration) -> Result<Error> {
    let sql = "select format('session %s of %s, since %s', pid, usename, to_char(backend_start, 'YYYY-MM-DD HH24:MI:SS TZ'))
        from pg_locks
        join pg_stat_activity using (pid)
        where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())
            and (classid::bigint << 32 | objid::bigint) = $1";
    let transaction = begin(client).await?;
    let row = transaction.query_opt(sql, &[&lock]).await?;
    transaction.commit().await?;
    let who = row.map(|row| row.try_get::<_, String>(0)).transpose()?;
    Ok(Error::internal(format!(
        "nothing was changed: another migrate has been at work on this database for more than {} seconds ({}); wait for \
         its end, or end it with pg_terminate_backend, then migrate again",
        waited.as_secs(),
        who.unwrap_or_else(|| "its session cannot be seen".to_owned())
    )))
}

/// Whether somebody else was in the way, and it may be tried again.
pub(super) fn is_contention(error: &DbError) -> bool {
    let passing =
        [SqlState::LOCK_NOT_AVAILABLE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::T_R_SERIALIZATION_FAILURE];
    // Two who write the same row of the catalog: an internal error of PostgreSQL, which passes too.
    error.code().is_some_and(|code| passing.contains(code))
        || error.as_db_error().is_some_and(|db| db.message().contains("concurrently"))
}
