//! Where sends wait for the commit they share.
//!
//! PostgreSQL lets one notifying transaction commit at a time, server-wide; so a commit a message would be the limit of
//! the whole product. Sends that arrive while a batch is under way travel together in the next one. There is no timer:
//! a lone send leaves at once, and the busier the server, the larger the batches.
//!
//! A chat that somebody else holds (an open transaction in psql, another instance's batch) would make its whole batch
//! wait. Its sends leave the batch and wait in a lane of their own: [`lanes`].

mod lanes;
mod single;

use std::{
    error::Error as _,
    time::{Duration, Instant},
};

use deadpool_postgres::Pool;
use tokio::sync::{mpsc, oneshot};
use tokio_postgres::error::Severity;

use self::lanes::Lanes;
use super::store::{self, Outcome, Send};
use crate::error::{Error, Result};

/// The most sends of one batch: what a statement carries well, and what a commit is long enough for.
const BATCH: usize = 256;
/// The most sends that wait at once; beyond it a sender is told to come again.
const WAITING: usize = 8192;
/// How long a send waits for a chat that somebody else holds.
const PATIENCE: Duration = Duration::from_secs(5);

/// The way into the log for every door. A clone is cheap.
#[derive(Clone)]
pub struct Outbox(mpsc::Sender<Waiting>);

/// A send, and who waits for its outcome.
struct Waiting {
    send: Send,
    since: Instant,
    answer: oneshot::Sender<Result<Outcome>>,
}

impl Outbox {
    /// Starts the worker that carries the batches. It ends when the last clone is gone.
    pub fn start(pool: Pool) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(run(pool, receiver));
        Self(sender)
    }

    /// The same without shared commits: each send is a transaction with a notification of its own, as many at once as the
    /// pool allows. It serves nobody but the benchmark, which shows what sharing is worth.
    pub fn one_by_one(pool: Pool) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(single::run(pool, receiver));
        Self(sender)
    }

    /// Sends, and waits for the commit: `Posted` means durable.
    pub async fn send(&self, send: Send) -> Result<Outcome> {
        let (answer, outcome) = oneshot::channel();
        let waiting = Waiting { send, since: Instant::now(), answer };
        self.0
            .try_send(waiting)
            .map_err(|_| Error::unavailable("too many sends are waiting; try again", 1))?;
        outcome.await.map_err(|_| Error::unavailable("the server is stopping", 1))?
    }
}

async fn run(pool: Pool, mut arrivals: mpsc::Receiver<Waiting>) {
    let lanes = Lanes::new(pool.clone());
    // Sends whose client_id stood in the batch before: their turn is next.
    let mut again = Vec::new();
    loop {
        let mut batch = std::mem::take(&mut again);
        if batch.is_empty() {
            let Some(first) = arrivals.recv().await else { return };
            batch.push(first);
        }
        while batch.len() < BATCH {
            let Ok(next) = arrivals.try_recv() else { break };
            batch.push(next);
        }
        batch.retain(|waiting| !waiting.answer.is_closed());
        let batch = lanes.join(batch);
        if batch.is_empty() {
            continue;
        }
        for (waiting, outcome) in carry(&pool, batch).await {
            match outcome {
                Ok(Outcome::Again) => again.push(waiting),
                Ok(Outcome::Busy) => lanes.open(waiting),
                outcome => answer(waiting, outcome),
            }
        }
    }
}

/// Carries a batch in one commit. When the database refuses the statement as a whole, each send is tried by itself, so
/// that a bad one fails alone; not when the connection broke, for then nobody knows whether the batch was committed.
async fn carry(pool: &Pool, batch: Vec<Waiting>) -> Vec<(Waiting, Result<Outcome>)> {
    metrics::histogram!("trunkline_batch_size").record(batch.len() as f64);
    match post(pool, &batch).await {
        Ok(outcomes) => batch.into_iter().zip(outcomes.into_iter().map(Ok)).collect(),
        Err(error) if batch.len() == 1 || !is_rolled_back(&error) => {
            tracing::warn!(%error, sends = batch.len(), "a batch of sends failed");
            batch.into_iter().map(|waiting| (waiting, Err(error.repeat()))).collect()
        }
        Err(_) => {
            let mut results = Vec::with_capacity(batch.len());
            for waiting in batch {
                let outcome = single::post(pool, &waiting, false).await;
                results.push((waiting, outcome));
            }
            results
        }
    }
}

/// Whether the database itself said no: then nothing of the batch was committed.
fn is_rolled_back(error: &Error) -> bool {
    error
        .source()
        .and_then(|source| source.downcast_ref::<tokio_postgres::Error>())
        .and_then(tokio_postgres::Error::as_db_error)
        .is_some_and(|refusal| refusal.parsed_severity() == Some(Severity::Error))
}

async fn post(pool: &Pool, batch: &[Waiting]) -> Result<Vec<Outcome>> {
    let sends: Vec<_> = batch.iter().map(|waiting| &waiting.send).collect();
    store::post(&pool.get().await?, &sends, false).await
}

fn answer(waiting: Waiting, outcome: Result<Outcome>) {
    if matches!(outcome, Ok(Outcome::Posted { .. })) {
        metrics::counter!("trunkline_messages_posted_total").increment(1);
    }
    // Who has gone away meanwhile will ask again with the same client_id.
    let _ = waiting.answer.send(outcome);
}
