//! A private PostgreSQL, created and run under the data directory.
//!
//! With no `database.url`, `serve` makes a cluster in `data_dir/postgres` and runs it as long as it runs itself. It listens on
//! 127.0.0.1 only, on a free port, with a random password, and is durable. What may be relied on:
//!
//! - It ends with us, however we end: a `kill -9` of ours is a fast shutdown for it, and the next start waits for that.
//! - It is started again, on the same port, when it dies; [`Cluster::exited`] answers when that does not help.
//! - One process per folder, by a lock; an interrupted initdb is done again; any stale `postmaster.pid` is harmless.
//! - As root it runs as the owner of the existing cluster, `postgres` or `nobody`, if need be in `/var/lib/trunkline/`.
//!
//! The folder holds `cluster/` (PostgreSQL's data directory), `password`, `postgres.log`, `postgres.log.1` (of the last life) and
//! `lock`; or just `location`, which says where they are.

#![expect(
    clippy::disallowed_methods,
    reason = "PostgreSQL is watched from threads of its own, which may sleep"
)]

mod account;
mod binaries;
mod error;
mod home;
mod init;
mod log;
mod pidfile;
mod programs;
mod server;
mod state;
mod supervisor;

use std::{path::PathBuf, sync::Arc, thread, time::Duration};

use nix::sys::signal::Signal;
use tokio_postgres::NoTls;

pub use error::EmbeddedError;
pub use programs::find_program;

use state::State;

/// The superuser, and the database that is made for it.
const USER: &str = "trunkline";

/// How long a stop may take: fast first, then immediate, then by force.
const FAST_LIMIT: Duration = Duration::from_secs(60);
const IMMEDIATE_LIMIT: Duration = Duration::from_secs(10);

/// How long dropping a cluster that was not stopped may block.
const DROP_LIMIT: Duration = Duration::from_secs(10);

/// What to run, and where.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The folder, made when missing: `data_dir/postgres`.
    pub dir: PathBuf,
    /// Where `postgres` and `initdb` are; else the newest in `/usr/lib/postgresql/*/bin`, else in PATH. Where several versions
    /// are installed, an existing cluster gets the one that wrote it.
    pub bin_dir: Option<PathBuf>,
    /// Settings for the server's command line; they win over ours, but for the address and the port.
    pub settings: Vec<(String, String)>,
    /// For tests: made without waiting for the disk, stopped without a checkpoint, and the folder is removed after a stop.
    pub ephemeral: bool,
}

/// A running private PostgreSQL. Stop it with [`Cluster::stop`]; a drop stops it too, blocking for up to ten seconds.
#[derive(Debug)]
pub struct Cluster {
    state: Arc<State>,
    dir: PathBuf,
    port: u16,
    password: String,
    signal: Signal,
}

impl Cluster {
    /// Makes the cluster if there is none, runs it, waits until it accepts connections, and makes the database `trunkline` if
    /// there is none. The blocking work is done on a blocking thread; dropping the future stops what was begun.
    pub async fn start(options: Options) -> Result<Self, EmbeddedError> {
        let begun = tokio::task::spawn_blocking(move || Self::launch(options)).await;
        let cluster = begun.map_err(|e| EmbeddedError::Init(e.to_string()))??;
        let (client, connection) = cluster.config("postgres").connect(NoTls).await?;
        let driver = tokio::spawn(connection);
        let known = client.query_opt("select 1 from pg_database where datname = $1", &[&USER]).await?;
        if known.is_none() {
            client.batch_execute("create database trunkline").await?;
        }
        drop(client);
        let _ = driver.await;
        Ok(cluster)
    }

    /// The URL of the database of a cluster that another process of ours runs in this folder right now; for commands
    /// beside a server.
    pub fn url_of_running(dir: &std::path::Path) -> Option<String> {
        let place = std::fs::read_to_string(dir.join("location"));
        let dir = place.map_or_else(|_| dir.to_owned(), |place| PathBuf::from(place.trim_end()));
        let password = std::fs::read_to_string(dir.join("password")).ok()?;
        let port = pidfile::port(&dir.join("cluster"))?;
        // A server that was killed leaves its pid file behind.
        std::net::TcpStream::connect(("127.0.0.1", port)).ok()?;
        Some(format!("postgres://{USER}:{}@127.0.0.1:{port}/{USER}", password.trim()))
    }

    fn launch(options: Options) -> Result<Self, EmbeddedError> {
        let found = binaries::find(options.bin_dir.as_deref())?;
        let home = home::Home::choose(&options.dir, &found[0].dir.join("postgres"))?;
        let lock = home.lock()?;
        let binaries = binaries::choose(found, &home.cluster())?;
        let password = init::ensure(&home, &binaries, options.ephemeral)?;
        let (log, dir, state) = (log::Log::begin(&home), home.dir.clone(), Arc::new(State::new()));
        let port = server::free_port()?;
        let major = binaries.major;
        let server = server::Server { home, binaries, settings: options.settings, log, port };
        let port = supervisor::launch(server, lock, Arc::clone(&state), options.ephemeral)?;
        tracing::info!("private PostgreSQL {major} in {}, on 127.0.0.1:{port}", dir.display());
        let signal = if options.ephemeral { Signal::SIGQUIT } else { Signal::SIGINT };
        Ok(Self { state, dir, port, password, signal })
    }

    /// The URL of a database of this cluster, with the password; the same for all of the cluster's life.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    /// The same for `tokio_postgres`.
    pub fn config(&self, database: &str) -> tokio_postgres::Config {
        let mut config = tokio_postgres::Config::new();
        config.host("127.0.0.1").port(self.port).user(USER).password(&self.password).dbname(database);
        config
    }

    /// Where it really is: the folder asked for, or the one under `/var/lib/trunkline`.
    pub fn dir(&self) -> &std::path::Path {
        &self.dir
    }

    /// Waits until the server has died and starting it again did not help, and answers what happened. Never answers after
    /// a stop; safe in `select!`.
    pub async fn exited(&self) -> String {
        let mut end = self.state.end.subscribe();
        match end.wait_for(|end| matches!(end, Some(Some(_)))).await.map(|end| end.clone()) {
            Ok(Some(Some(reason))) => reason,
            _ => std::future::pending().await,
        }
    }

    /// Stops the server: fast (sessions are cut, all is written), after a minute immediately, at last by force. Returns when it has
    /// ended and the folder is free for another.
    pub async fn stop(self) {
        let mut end = self.state.end.subscribe();
        let steps = [
            (self.signal, FAST_LIMIT),
            (Signal::SIGQUIT, IMMEDIATE_LIMIT),
            (Signal::SIGKILL, IMMEDIATE_LIMIT),
        ];
        for (signal, limit) in steps {
            self.state.stop(signal);
            if tokio::time::timeout(limit, end.wait_for(Option::is_some)).await.is_ok() {
                return;
            }
            tracing::warn!("PostgreSQL did not end within {limit:?} of {signal}");
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.state.end.borrow().is_some() {
            return;
        }
        self.state.stop(self.signal);
        for _ in 0..DROP_LIMIT.as_millis() / 10 {
            if self.state.end.borrow().is_some() {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}
