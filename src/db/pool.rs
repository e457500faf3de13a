//! The pool of database connections.

use std::{future::Future, sync::Arc, time::Duration};

use deadpool::{
    Runtime, Status,
    managed::{self, QueueMode, Timeouts},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep, timeout, timeout_at},
};
use tokio_postgres::error::SqlState;

use super::{
    client::Client,
    connect::Target,
    manager::{Manager, SETTLE},
    session,
    timeline::Newest,
};
use crate::{
    error::{Error, Result},
    telemetry::metrics::names,
};

/// How long a request waits for a free connection before it is answered 503.
const WAIT: Duration = Duration::from_secs(5);
/// When the server has no more connections to give, ours are fewer for so long; then one more is tried.
const FEWER: Duration = Duration::from_secs(5);
/// How long to wait when there is not even one.
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// How long those wait for an answer who wait for everybody, before they ask on another connection: at first, and then. After
/// that a question has as long as any other, for it may just be a slow one.
const RETRY_AFTER: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];

/// The connections of this instance. A clone is cheap.
#[derive(Clone)]
pub struct Pool {
    inner: managed::Pool<Manager>,
    deadline: Duration,
    /// As many as there may be connections; less those that the server would not give a moment ago. Who comes first is
    /// served first.
    places: Arc<Semaphore>,
    /// Which primary is the newest.
    pub newest: Arc<Newest>,
}

impl Pool {
    /// Opens a pool of at most `size` connections to `url`, which `pg_stat_activity` shows under `name` unless the url has
    /// another. Connections are made when they are first wanted. A statement that has not been answered after `deadline` is
    /// cancelled.
    pub fn open(url: &str, name: &str, size: usize, deadline: Duration) -> Result<Self> {
        Self::open_with(url, name, size, deadline, "")
    }

    /// The same, of sessions that begin with these statements: settings that functions of the database ask for.
    pub fn open_with(url: &str, name: &str, size: usize, deadline: Duration, settings: &str) -> Result<Self> {
        let target = Target::parse(url, name)?;
        let create = target.patience() + SETTLE;
        let newest = Arc::<Newest>::default();
        let inner =
            managed::Pool::builder(Manager::new(target, session::settings(settings), Arc::clone(&newest)))
                .max_size(size)
                .runtime(Runtime::Tokio1)
                // The one that was used last: its plans and caches are warm, and a quiet server keeps few busy.
                .queue_mode(QueueMode::Lifo)
                .timeouts(Timeouts { wait: Some(WAIT), create: Some(create), recycle: Some(WAIT) })
                .build()
                .map_err(Error::internal)?;
        Ok(Self { inner, deadline, places: Arc::new(Semaphore::new(size)), newest })
    }

    /// A connection: a free one, or a new one while there are fewer than the pool may have. Where the server has no more to
    /// give, one of ours when its turn comes.
    pub async fn get(&self) -> Result<Client> {
        let begun = Instant::now();
        let client = self.wait_for_one(begun + WAIT).await;
        metrics::histogram!(names::POOL_WAIT_SECONDS).record(begun.elapsed().as_secs_f64());
        client
    }

    async fn wait_for_one(&self, until: Instant) -> Result<Client> {
        loop {
            let place = timeout_at(until, Arc::clone(&self.places).acquire_owned())
                .await
                .map_err(|_| Error::unavailable("every database connection is in use; try again", 1))?
                .map_err(|_| Error::unavailable("the server is stopping", 1))?;
            match self.inner.get().await.map_err(Error::from) {
                Ok(object) => return Ok(Client::new(object, self.deadline, place)),
                Err(error) if is_full(&error) && Instant::now() < until => self.be_fewer(place).await,
                Err(error) => return Err(error),
            }
        }
    }

    /// Asks for a worker that serves everybody, and so must not stand behind one connection that hangs: what is not answered
    /// soon is asked again on another. The question may be heard more than once.
    pub async fn ask<T, F>(&self, question: impl Fn(Client) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        for deadline in RETRY_AFTER {
            match question(self.get().await?.with_short_deadline(deadline)).await {
                Err(error) if error.is_unanswered() => {
                    tracing::debug!("asking again on another connection: {error}{}", error.causes());
                }
                answer => return answer,
            }
        }
        question(self.get().await?).await
    }

    /// The server gives no more connections than we have: those are what everybody shares for a while.
    async fn be_fewer(&self, place: OwnedSemaphorePermit) {
        if self.inner.status().size == 0 {
            drop(place);
            return sleep(RETRY_PAUSE).await;
        }
        place.forget();
        let places = Arc::clone(&self.places);
        tokio::spawn(async move {
            sleep(FEWER).await;
            places.add_permits(1);
        });
    }

    /// Throws away the connections that nobody uses: they may lead to a server that is gone.
    pub fn discard_idle(&self) {
        drop(self.inner.retain(|_, _| false));
    }

    /// How many connections there may be, are, and are free.
    pub fn status(&self) -> Status {
        self.inner.status()
    }

    /// How many connections there may be.
    pub fn max_size(&self) -> usize {
        self.inner.status().max_size
    }

    /// Lets go of everything; who asks from now on is refused.
    pub fn close(&self) {
        self.places.close();
        self.inner.close();
    }
}

fn is_full(error: &Error) -> bool {
    error.sql_state() == Some(&SqlState::TOO_MANY_CONNECTIONS)
}

/// Makes sure that a statement stays prepared: that no pooler in between runs it on a connection that never heard of it.
/// Every query is prepared once per connection and run ever after.
pub async fn check(url: &str) -> Result<()> {
    let target = Target::parse(url, "trunkline")?;
    let (one, wire) = target.connect().await?;
    tokio::spawn(wire);
    let (other, wire) = match target.connect().await {
        // No second connection to be had: nothing is known, and nothing is wrong yet.
        Err(error) if is_full(&error) => return Ok(()),
        connected => connected?,
    };
    tokio::spawn(wire);
    let outcome = async {
        let statement = one.prepare("select 1").await?;
        // Takes the connection the statement is on, if that is to be had.
        other.batch_execute("begin").await?;
        one.query(&statement, &[]).await
    };
    match timeout(SETTLE, outcome).await {
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
