//! The pool of database connections.

use std::time::Duration;

use super::tls;
use crate::error::{Error, Result};
use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use tokio::time::timeout;
use tokio_postgres::{Client, error::SqlState};

/// How long a request waits for a free connection before it is answered 503.
const WAIT: Duration = Duration::from_secs(5);
/// How long a connection may take to be made, and a broken one to be noticed when it is taken out.
const CONNECT: Duration = Duration::from_secs(5);

/// What holds for every connection. Ours are short statements: compiling one takes longer than running it a hundred times,
/// and planning one anew longer than running it; what a plan depends on is not what is asked for, but the indexes. And
/// what they look for lies in memory or on flash: with the default, which is for discs that turn, PostgreSQL reads and
/// sorts a whole chat for its last page as long as it has no statistics of the table.
const SETTINGS: &str = "set jit = off; set plan_cache_mode = force_generic_plan; set random_page_cost = 1";

/// Opens a pool of at most `size` connections to `url`. Connections are made when they are first wanted.
pub fn open(url: &str, size: usize) -> Result<Pool> {
    let config = parse_url(url)?;
    // `Fast` keeps the prepared statements; what a request did to its connection never outlives its transaction.
    let manager = Manager::from_config(
        config,
        tls::connector(),
        ManagerConfig { recycling_method: RecyclingMethod::Fast },
    );
    Pool::builder(manager)
        .max_size(size)
        .post_create(Hook::async_fn(|client, _| {
            Box::pin(async { client.batch_execute(SETTINGS).await.map_err(HookError::Backend) })
        }))
        .runtime(Runtime::Tokio1)
        .timeouts(Timeouts { wait: Some(WAIT), create: Some(CONNECT), recycle: Some(CONNECT) })
        .build()
        .map_err(Error::internal)
}

/// Makes sure that a statement stays prepared: that no pooler in between runs it on a connection that never heard of it.
/// Every query is prepared once per connection and run ever after.
pub async fn check(url: &str) -> Result<()> {
    let (one, other) = (connect(url).await?, connect(url).await?);
    let outcome = async {
        let statement = one.prepare("select 1").await?;
        // Takes the connection the statement is on, if that is to be had.
        other.batch_execute("begin").await?;
        one.query(&statement, &[]).await
    };
    match timeout(CONNECT, outcome).await {
        Ok(Err(error)) if error.code().is_some_and(is_lost) => Err(Error::internal(
            "the database url leads through a pooler that loses prepared statements (PgBouncer in transaction mode, \
             before 1.21 or with max_prepared_statements = 0): let it keep them, use session mode, or go to PostgreSQL \
             directly",
        )),
        Ok(outcome) => Ok(outcome.map(drop)?),
        // No second connection to be had: nothing is known, and nothing is wrong yet.
        Err(_) => Ok(()),
    }
}

/// The statement is not there, or one of another client's has its name.
fn is_lost(state: &SqlState) -> bool {
    [SqlState::INVALID_SQL_STATEMENT_NAME, SqlState::DUPLICATE_PSTATEMENT].contains(state)
}

async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = parse_url(url)?.connect(tls::connector()).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Reads a database url, and names every connection, so that `pg_stat_activity` says whose it is.
pub fn parse_url(url: &str) -> Result<tokio_postgres::Config> {
    let mut config: tokio_postgres::Config =
        url.parse().map_err(|error: tokio_postgres::Error| Error::internal(error))?;
    if config.get_application_name().is_none() {
        config.application_name("trunkline");
    }
    tls::settle(&mut config);
    config.connect_timeout(CONNECT).keepalives_idle(Duration::from_secs(30));
    Ok(config)
}
