//! The ways to run a query file. All prepare once per connection and run that statement ever after, under the guard.

use std::{pin::Pin, time::Duration};

use futures_util::{Stream, StreamExt, stream};
use postgres_types::{FromSqlOwned, ToSql};
use tokio::time::{Instant, timeout_at};
use tokio_postgres::Row;

use super::{
    client::{Client, GenericClient, Guarded, Transaction},
    guard::{self, InFlight},
    pool::Pool,
};
use crate::error::{Error, Result};

/// How long all the rows of a download may take.
const DOWNLOAD: Duration = Duration::from_secs(600);

/// The parameters of a query, in the order of `$1`, `$2` …
pub type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// How a row becomes a value.
pub trait FromRow: Sized {
    /// Reads the columns by name; fails when the query does not name one.
    fn from_row(row: &Row) -> Result<Self>;
}

/// Every row, as it is.
pub async fn raw(db: &impl GenericClient, sql: &str, params: Params<'_>) -> Result<Vec<Row>> {
    let Guarded { client, statements, state, deadline } = db.guarded();
    guard::run(state, deadline, async {
        let statement = statements.prepare(client, sql).await?;
        client.query(&statement, params).await
    })
    .await
}

/// Every row.
pub async fn all<T: FromRow>(db: &impl GenericClient, sql: &str, params: Params<'_>) -> Result<Vec<T>> {
    raw(db, sql, params).await?.iter().map(T::from_row).collect()
}

/// Rows as they come.
pub type Rows<T> = Pin<Box<dyn Stream<Item = Result<T>> + Send>>;

/// Every row, one after the other: the database goes on when the one before was taken, so many rows need no memory. The
/// connection is busy until the last; who stops before it gives the connection up. Whoever wants a page asks for it with a
/// deadline of their own ([`collect`]); a download has minutes.
pub async fn rows<T: FromRow + 'static>(
    db: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<Rows<T>> {
    let Guarded { client, statements, state, deadline } = db.guarded();
    let rows = guard::run(state, deadline, async {
        let statement = statements.prepare(client, sql).await?;
        client.query_raw(&statement, params.iter().copied()).await
    })
    .await?;
    let (until, flight) = (Instant::now() + DOWNLOAD, InFlight::begin(state));
    Ok(Box::pin(stream::unfold(Some((Box::pin(rows), flight)), move |reading| async move {
        let (mut rows, flight) = reading?;
        match timeout_at(until, rows.next()).await {
            Ok(Some(row)) => {
                let row = flight.check(row).and_then(|row| T::from_row(&row));
                Some((row, Some((rows, flight))))
            }
            Ok(None) => {
                flight.finish();
                None
            }
            Err(_) => Some((Err(Error::unanswered("the rows of a download took too long")), None)),
        }
    })))
}

/// The rows of a page, all at once.
pub async fn collect<T>(rows: Rows<T>, deadline: Duration) -> Result<Vec<T>> {
    match tokio::time::timeout(deadline, rows.collect::<Vec<_>>()).await {
        Ok(rows) => rows.into_iter().collect(),
        Err(_) => Err(Error::unanswered(format!("no answer within {} s", deadline.as_secs_f32()))),
    }
}

async fn opt_row(db: &impl GenericClient, sql: &str, params: Params<'_>) -> Result<Option<Row>> {
    let mut rows = raw(db, sql, params).await?;
    match rows.len() {
        0 | 1 => Ok(rows.pop()),
        more => Err(Error::internal(format!("{more} rows where there may be one"))),
    }
}

/// The one row there must be.
pub async fn one<T: FromRow>(db: &impl GenericClient, sql: &str, params: Params<'_>) -> Result<T> {
    let row = opt_row(db, sql, params).await?;
    T::from_row(&row.ok_or_else(|| Error::internal("no row where there must be one"))?)
}

/// The one row there may be.
pub async fn opt<T: FromRow>(db: &impl GenericClient, sql: &str, params: Params<'_>) -> Result<Option<T>> {
    opt_row(db, sql, params).await?.as_ref().map(T::from_row).transpose()
}

/// The first column of the one row there may be.
pub async fn scalar<T: FromSqlOwned>(
    db: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<Option<T>> {
    Ok(opt_row(db, sql, params).await?.map(|row| row.try_get(0)).transpose()?)
}

/// Runs it and says how many rows it touched.
pub async fn exec(db: &impl GenericClient, sql: &str, params: Params<'_>) -> Result<u64> {
    let Guarded { client, statements, state, deadline } = db.guarded();
    guard::run(state, deadline, async {
        let statement = statements.prepare(client, sql).await?;
        client.execute(&statement, params).await
    })
    .await
}

/// Runs several statements without parameters, as psql would.
pub async fn batch(db: &impl GenericClient, sql: &str) -> Result<()> {
    let Guarded { client, state, deadline, .. } = db.guarded();
    guard::run(state, deadline, client.batch_execute(sql)).await
}

/// Runs a statement that touches a piece at a time until it finds nothing more; says how many rows it touched in all. Each
/// piece is a transaction of its own.
pub async fn exec_in_pieces(pool: &Pool, sql: &str, params: Params<'_>) -> Result<u64> {
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
pub async fn begin_as(client: &mut Client, actor: impl Into<Actor>) -> Result<Transaction<'_>> {
    let Actor { user_id, address } = actor.into();
    let via = if user_id.is_none() { "command line" } else { "" };
    let user_id = user_id.map(|id| id.to_string()).unwrap_or_default();
    let address = address.map(|address| address.to_string()).unwrap_or_default();
    let transaction = client.transaction().await?;
    exec(&transaction, include_str!("../../sql/queries/begin.sql"), &[&user_id, &address, &via]).await?;
    Ok(transaction)
}

/// The first column of every row, as ids.
pub async fn ids(db: &impl GenericClient, sql: &str, params: Params<'_>) -> Result<Vec<uuid::Uuid>> {
    raw(db, sql, params).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// The first two columns of every row.
pub async fn pairs<A: FromSqlOwned, B: FromSqlOwned>(
    db: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<Vec<(A, B)>> {
    raw(db, sql, params).await?.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// How long this transaction waits for a lock from now on.
pub async fn set_lock_timeout(db: &Transaction<'_>, wait: Duration) -> Result<()> {
    let milliseconds = wait.as_millis().to_string();
    exec(db, include_str!("../../sql/queries/set_lock_timeout.sql"), &[&milliseconds]).await?;
    Ok(())
}

/// How long each statement of this transaction may take from now on.
pub async fn set_statement_timeout(db: &Transaction<'_>, wait: Duration) -> Result<()> {
    let milliseconds = wait.as_millis().to_string();
    exec(db, include_str!("../../sql/queries/set_statement_timeout.sql"), &[&milliseconds]).await?;
    Ok(())
}
