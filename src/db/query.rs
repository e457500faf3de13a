//! The ways to run a query file. All prepare once per connection and run that statement ever after.

use std::pin::Pin;

use deadpool_postgres::{GenericClient, Transaction};
use futures_util::{Stream, StreamExt};
use postgres_types::{FromSqlOwned, ToSql};
use tokio_postgres::Row;

use crate::error::Result;

/// The parameters of a query, in the order of `$1`, `$2` …
pub type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// How a row becomes a value.
pub trait FromRow: Sized {
    /// Reads the columns by name; fails when the query does not name one.
    fn from_row(row: &Row) -> Result<Self>;
}

/// Every row.
pub async fn all<T: FromRow>(db: &impl GenericClient, sql: &str, params: Params<'_>) -> Result<Vec<T>> {
    let statement = db.prepare_cached(sql).await?;
    db.query(&statement, params).await?.iter().map(T::from_row).collect()
}

/// Rows as they come.
pub type Rows<T> = Pin<Box<dyn Stream<Item = Result<T>> + Send>>;

/// Every row, one after the other: the database goes on when the one before was taken, so many rows need no memory. The
/// connection is busy until the last.
pub async fn rows<T: FromRow + 'static>(
    db: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<Rows<T>> {
    let statement = db.prepare_cached(sql).await?;
    let rows = db.query_raw(&statement, params.iter().copied()).await?;
    Ok(Box::pin(rows.map(|row| T::from_row(&row?))))
}

/// The one row there must be.
pub async fn one<T: FromRow>(db: &impl GenericClient, sql: &str, params: Params<'_>) -> Result<T> {
    let statement = db.prepare_cached(sql).await?;
    T::from_row(&db.query_one(&statement, params).await?)
}

/// The one row there may be.
pub async fn opt<T: FromRow>(db: &impl GenericClient, sql: &str, params: Params<'_>) -> Result<Option<T>> {
    let statement = db.prepare_cached(sql).await?;
    db.query_opt(&statement, params).await?.as_ref().map(T::from_row).transpose()
}

/// The first column of the one row there may be.
pub async fn scalar<T: FromSqlOwned>(
    db: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<Option<T>> {
    let statement = db.prepare_cached(sql).await?;
    Ok(db.query_opt(&statement, params).await?.map(|row| row.try_get(0)).transpose()?)
}

/// Runs it and says how many rows it touched.
pub async fn exec(db: &impl GenericClient, sql: &str, params: Params<'_>) -> Result<u64> {
    let statement = db.prepare_cached(sql).await?;
    Ok(db.execute(&statement, params).await?)
}

/// Runs a statement that touches a piece at a time until it finds nothing more; says how many rows it touched in all. Each
/// piece is a transaction of its own.
pub async fn exec_in_pieces(pool: &deadpool_postgres::Pool, sql: &str, params: Params<'_>) -> Result<u64> {
    let mut touched = 0;
    loop {
        match exec(&pool.get().await?, sql, params).await? {
            0 => return Ok(touched),
            piece => touched += piece,
        }
    }
}

/// Who acts in a transaction.
#[derive(Debug, Clone, Copy)]
pub struct Actor {
    /// The person; `None` is whoever runs the program.
    pub user_id: Option<uuid::Uuid>,
    /// Where they act from, where that is known.
    pub address: Option<std::net::IpAddr>,
}

impl Actor {
    /// Whoever runs a command of the program: `audit` says that it was done that way.
    pub const OPERATOR: Self = Self { user_id: None, address: None };
}

/// Begins a transaction in which `actor` acts: the entries that triggers write name them, in the logs of chats and in
/// `audit`. A lock is waited for at most five seconds.
pub async fn begin_as(
    client: &mut deadpool_postgres::Client,
    actor: impl Into<Actor>,
) -> Result<Transaction<'_>> {
    let Actor { user_id, address } = actor.into();
    let via = if user_id.is_none() { "command line" } else { "" };
    let user_id = user_id.map(|id| id.to_string()).unwrap_or_default();
    let address = address.map(|address| address.to_string()).unwrap_or_default();
    let transaction = client.transaction().await?;
    let statement = transaction.prepare_cached(include_str!("../../sql/queries/begin.sql")).await?;
    transaction.execute(&statement, &[&user_id, &address, &via]).await?;
    Ok(transaction)
}

/// The first column of every row, as ids.
pub async fn ids(db: &impl GenericClient, sql: &str, params: Params<'_>) -> Result<Vec<uuid::Uuid>> {
    let statement = db.prepare_cached(sql).await?;
    db.query(&statement, params).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// The first two columns of every row.
pub async fn pairs<A: FromSqlOwned, B: FromSqlOwned>(
    db: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<Vec<(A, B)>> {
    let statement = db.prepare_cached(sql).await?;
    db.query(&statement, params).await?.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// How long this transaction waits for a lock from now on.
pub async fn set_lock_timeout(db: &Transaction<'_>, wait: std::time::Duration) -> Result<()> {
    let milliseconds = wait.as_millis().to_string();
    exec(db, include_str!("../../sql/queries/set_lock_timeout.sql"), &[&milliseconds]).await?;
    Ok(())
}

/// How long each statement of this transaction may take from now on.
pub async fn set_statement_timeout(db: &Transaction<'_>, wait: std::time::Duration) -> Result<()> {
    let milliseconds = wait.as_millis().to_string();
    exec(db, include_str!("../../sql/queries/set_statement_timeout.sql"), &[&milliseconds]).await?;
    Ok(())
}
