//! A connection in hand, and a transaction on it: both run their statements under the guard.

use std::{sync::Arc, time::Duration};

use deadpool::managed::Object;
use deadpool_postgres::StatementCache;
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

use super::{
    guard::{self, State},
    manager::{Link, Manager},
    tls,
};
use crate::error::{Error, Result};

/// How long a server may take to hear that a statement is to end.
const CANCEL: Duration = Duration::from_secs(1);

/// What runs statements: a connection, or a transaction on one.
pub trait GenericClient: Sync {
    /// The connection, and what guards it.
    fn guarded(&self) -> Guarded<'_>;
}

/// A connection and what guards it.
pub struct Guarded<'a> {
    /// The connection itself.
    pub client: &'a tokio_postgres::Client,
    /// The statements that are prepared on it.
    pub statements: &'a StatementCache,
    /// What is known of it.
    pub state: &'a Arc<State>,
    /// How long one statement may take.
    pub deadline: Duration,
}

/// A connection of the pool. Given back when dropped; or, when a statement may still be running on it because whoever
/// waited has gone away, cancelled and thrown away.
pub struct Client {
    object: Option<Object<Manager>>,
    deadline: Duration,
    place: Option<OwnedSemaphorePermit>,
}

impl Client {
    pub(super) fn new(object: Object<Manager>, deadline: Duration, place: OwnedSemaphorePermit) -> Self {
        Self { object: Some(object), deadline, place: Some(place) }
    }

    /// Each statement may take so long from now on, whatever `database.statement_seconds` says.
    #[must_use]
    pub fn with_long_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Each statement may take so long from now on, if `database.statement_seconds` does not give it less.
    #[must_use]
    pub fn with_short_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = self.deadline.min(deadline);
        self
    }

    fn link(&self) -> &Link {
        match &self.object {
            Some(object) => object,
            // Only Drop takes it.
            None => unreachable!("a connection after its end"),
        }
    }

    /// Begins a transaction; it is rolled back unless committed.
    pub async fn transaction(&mut self) -> Result<Transaction<'_>> {
        let deadline = self.deadline;
        let Some(object) = &mut self.object else { unreachable!("a connection after its end") };
        let link: &mut Link = object;
        let state = Arc::clone(&link.state);
        let inner = guard::run(&state, deadline, link.client.transaction()).await?;
        Ok(Transaction { inner, state, deadline })
    }
}

impl GenericClient for Client {
    fn guarded(&self) -> Guarded<'_> {
        let link = self.link();
        Guarded {
            client: &link.client,
            statements: &link.client.statement_cache,
            state: &link.state,
            deadline: self.deadline,
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let Some(object) = self.object.take() else { return };
        // Whoever has the place next finds the connection there.
        let place = self.place.take();
        if object.state.is_clean() {
            drop(object);
            drop(place);
            return;
        }
        let discard = async move {
            // Its place in the pool is free when the server has heard of it: whoever hangs up again and again has no more
            // statements running than there are places.
            if object.state.is_busy() {
                metrics::counter!(crate::telemetry::metrics::names::STATEMENTS_CANCELLED).increment(1);
                let token = object.client.cancel_token();
                let _ = timeout(CANCEL, token.cancel_query(tls::connector())).await;
            }
            drop(Object::take(object));
            drop(place);
        };
        // Without a runtime the process ends, and its connections with it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(discard);
        }
    }
}

/// A transaction. Rolled back when dropped.
pub struct Transaction<'a> {
    inner: deadpool_postgres::Transaction<'a>,
    state: Arc<State>,
    deadline: Duration,
}

impl Transaction<'_> {
    /// Commits. Where the database has neither done so nor refused, the error is `outcome_unknown`; not where the connection
    /// had ended before, and everything with it.
    pub async fn commit(self) -> Result<()> {
        let was_open = !self.inner.client().is_closed();
        let outcome = guard::run(&self.state, self.deadline, self.inner.commit()).await;
        outcome.map_err(|error| if was_open { error.or_unknown() } else { error })
    }

    /// Undoes everything.
    pub async fn rollback(self) -> Result<()> {
        guard::run(&self.state, self.deadline, self.inner.rollback()).await
    }
}

impl GenericClient for Transaction<'_> {
    fn guarded(&self) -> Guarded<'_> {
        Guarded {
            client: self.inner.client(),
            statements: &self.inner.statement_cache,
            state: &self.state,
            deadline: self.deadline,
        }
    }
}

impl From<deadpool::managed::PoolError<Error>> for Error {
    fn from(source: deadpool::managed::PoolError<Error>) -> Self {
        use deadpool::managed::{PoolError, TimeoutType};
        match source {
            PoolError::Backend(error) => error,
            PoolError::Timeout(TimeoutType::Wait) => {
                Self::unavailable("every database connection is in use; try again", 1)
            }
            PoolError::Closed => Self::unavailable("the server is stopping", 1),
            other => Self::unreachable(other.to_string()),
        }
    }
}
