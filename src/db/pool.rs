//! The pool of database connections.

use std::time::Duration;

use super::tls;
use crate::error::{Error, Result};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};

/// How long a request waits for a free connection before it is answered 503.
const WAIT: Duration = Duration::from_secs(5);
/// How long a connection may take to be made, and a broken one to be noticed when it is taken out.
const CONNECT: Duration = Duration::from_secs(5);

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
        .runtime(Runtime::Tokio1)
        .timeouts(Timeouts { wait: Some(WAIT), create: Some(CONNECT), recycle: Some(CONNECT) })
        .build()
        .map_err(Error::internal)
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
