//! The one guard of every statement: a deadline, a cancellation, and a connection that is thrown away when nobody knows
//! what it still does.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::time::timeout;
use tokio_postgres::error::{DbError, SqlState};

use crate::error::{Error, Result};

/// What is known of a connection's state.
#[derive(Debug, Default)]
pub struct State {
    /// Statements whose end nobody has seen.
    under_way: AtomicU32,
    /// It is to be thrown away.
    is_broken: AtomicBool,
    /// A commit did not wait for the standby.
    unconfirmed: AtomicBool,
}

impl State {
    /// Whether another may use the connection.
    pub fn is_clean(&self) -> bool {
        self.under_way.load(Ordering::Acquire) == 0 && !self.is_broken.load(Ordering::Acquire)
    }

    /// Whether a statement may still be running.
    pub fn is_busy(&self) -> bool {
        self.under_way.load(Ordering::Acquire) > 0
    }

    /// The server has said something beside its answers.
    pub fn note(&self, notice: &DbError) {
        // The name of the function is the one part of the warning that no language setting translates.
        if notice.routine() == Some("SyncRepWaitForLSN") {
            self.unconfirmed.store(true, Ordering::Release);
        }
    }

    fn check(&self, error: &tokio_postgres::Error) {
        if error.code().is_some_and(breaks_connection) {
            self.is_broken.store(true, Ordering::Release);
        }
    }
}

/// What a connection that has once met it will meet again: it leads to a server that takes no writes (a demoted primary, a
/// full disk), its prepared statements are gone, or their tables look different now.
fn breaks_connection(state: &SqlState) -> bool {
    [
        SqlState::READ_ONLY_SQL_TRANSACTION,
        SqlState::FEATURE_NOT_SUPPORTED,
        SqlState::INVALID_SQL_STATEMENT_NAME,
        SqlState::DUPLICATE_PSTATEMENT,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    ]
    .contains(state)
}

/// A statement that is under way. Dropped before it has landed, its connection is dirty: whoever waited has gone away.
pub struct InFlight(Arc<State>);

impl InFlight {
    /// A statement begins.
    pub fn begin(state: &Arc<State>) -> Self {
        state.under_way.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(state))
    }

    /// The statement has ended, well or not.
    pub fn finish(self) {
        self.0.under_way.fetch_sub(1, Ordering::AcqRel);
    }

    /// Says what an answer means for the connection.
    pub fn check<T>(&self, outcome: std::result::Result<T, tokio_postgres::Error>) -> Result<T> {
        if self.0.unconfirmed.swap(false, Ordering::AcqRel) {
            return Err(Error::unanswered("it was committed, and no standby has confirmed it"));
        }
        outcome.map_err(|error| {
            self.0.check(&error);
            error.into()
        })
    }
}

/// Runs a statement within its deadline. Whoever stops waiting before leaves a connection behind that is not used again.
pub async fn run<T>(
    state: &Arc<State>,
    deadline: Duration,
    statement: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>,
) -> Result<T> {
    let flight = InFlight::begin(state);
    match timeout(deadline, statement).await {
        Ok(outcome) => {
            let outcome = flight.check(outcome);
            flight.finish();
            outcome
        }
        Err(_) => Err(Error::unanswered(format!("no answer within {} s", deadline.as_secs_f32()))),
    }
}
