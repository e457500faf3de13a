//! Where sends wait for the commit they share.
//!
//! PostgreSQL lets one notifying transaction commit at a time, server-wide; so a commit a message would be the limit of
//! the whole product. Sends that arrive while a batch is under way travel together in the next one. There is no timer:
//! a lone send leaves at once, and the busier the server, the larger the batches.
//!
//! A chat that somebody else holds (an open transaction in psql, another instance's batch) would make its whole batch
//! wait. Its sends leave the batch and wait in a [`Lane`] of their own.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use deadpool_postgres::Pool;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::store::{self, Outcome, Send};
use crate::{
    db::query,
    error::{Error, Result},
};

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

/// The sends to chats that somebody else holds, by chat. A chat is here as long as its lane runs.
type Lanes = Arc<Mutex<HashMap<Uuid, Vec<Waiting>>>>;

impl Outbox {
    /// Starts the worker that carries the batches. It ends when the last clone is gone.
    pub fn start(pool: Pool) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(run(pool, receiver));
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
    let lanes = Lanes::default();
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
        let batch = join_lanes(&lanes, batch);
        if batch.is_empty() {
            continue;
        }
        for (waiting, outcome) in carry(&pool, batch).await {
            match outcome {
                Ok(Outcome::Again) => again.push(waiting),
                Ok(Outcome::Busy) => open_lane(&pool, &lanes, waiting),
                outcome => answer(waiting, outcome),
            }
        }
    }
}

/// Hands those whose chat has a lane to it, so that they stay behind the ones before them; the others travel on.
fn join_lanes(lanes: &Lanes, batch: Vec<Waiting>) -> Vec<Waiting> {
    let mut lanes = lanes.lock().unwrap_or_else(PoisonError::into_inner);
    if lanes.is_empty() {
        return batch;
    }
    let mut free = Vec::with_capacity(batch.len());
    for waiting in batch {
        match lanes.get_mut(&waiting.send.chat_id) {
            Some(lane) => lane.push(waiting),
            None => free.push(waiting),
        }
    }
    free
}

/// Carries a batch in one commit. When the statement fails as a whole, each send is tried by itself, so that a bad one
/// fails alone; not when the connection broke, for then nobody knows whether the batch was committed.
async fn carry(pool: &Pool, batch: Vec<Waiting>) -> Vec<(Waiting, Result<Outcome>)> {
    metrics::histogram!("trunkline_batch_size").record(batch.len() as f64);
    match post(pool, &batch).await {
        Ok(outcomes) => batch.into_iter().zip(outcomes.into_iter().map(Ok)).collect(),
        Err(error) if batch.len() == 1 || error.retry_after_seconds().is_some() => {
            tracing::warn!(%error, sends = batch.len(), "a batch of sends failed");
            let mut results = Vec::with_capacity(batch.len());
            for waiting in batch {
                results.push((waiting, Err(error.repeat())));
            }
            results
        }
        Err(_) => {
            let mut results = Vec::with_capacity(batch.len());
            for waiting in batch {
                let alone = std::slice::from_ref(&waiting);
                let outcome = post(pool, alone).await.and_then(|outcomes| {
                    outcomes.first().copied().ok_or_else(|| Error::internal("a send without an outcome"))
                });
                results.push((waiting, outcome));
            }
            results
        }
    }
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

fn open_lane(pool: &Pool, lanes: &Lanes, waiting: Waiting) {
    let chat_id = waiting.send.chat_id;
    let mut open = lanes.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(lane) = open.get_mut(&chat_id) {
        lane.push(waiting);
        return;
    }
    open.insert(chat_id, vec![waiting]);
    drop(open);
    tokio::spawn(run_lane(pool.clone(), Arc::clone(lanes), chat_id));
}

/// Waits for one chat and posts what has gathered for it, until nothing is left.
async fn run_lane(pool: Pool, lanes: Lanes, chat_id: Uuid) {
    loop {
        let mut batch = {
            let mut lanes = lanes.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(lane) = lanes.get_mut(&chat_id) else { return };
            let rest = lane.split_off(lane.len().min(BATCH));
            let batch = std::mem::replace(lane, rest);
            if batch.is_empty() {
                lanes.remove(&chat_id);
                return;
            }
            batch
        };
        let oldest = batch.iter().map(|waiting| waiting.since.elapsed()).max().unwrap_or_default();
        let patience = PATIENCE.saturating_sub(oldest).max(Duration::from_millis(50));
        match post_waiting(&pool, &batch, patience).await {
            Ok(outcomes) => {
                for (waiting, outcome) in batch.into_iter().zip(outcomes) {
                    match outcome {
                        Outcome::Again => put_back(&lanes, chat_id, vec![waiting]),
                        outcome => answer(waiting, Ok(outcome)),
                    }
                }
            }
            Err(error) => {
                let late =
                    batch.extract_if(.., |waiting| waiting.since.elapsed() >= PATIENCE).collect::<Vec<_>>();
                if late.is_empty() && error.retry_after_seconds().is_none() {
                    for waiting in batch.drain(..) {
                        answer(waiting, Err(error.repeat()));
                    }
                }
                for waiting in late {
                    let detail = "somebody else is writing to this chat; try again";
                    answer(waiting, Err(Error::unavailable(detail, 1)));
                }
                put_back(&lanes, chat_id, batch);
            }
        }
    }
}

/// Puts sends back to the front of their lane.
fn put_back(lanes: &Lanes, chat_id: Uuid, batch: Vec<Waiting>) {
    let mut lanes = lanes.lock().unwrap_or_else(PoisonError::into_inner);
    let lane = lanes.entry(chat_id).or_default();
    lane.splice(..0, batch);
}

async fn post_waiting(pool: &Pool, batch: &[Waiting], patience: Duration) -> Result<Vec<Outcome>> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    query::set_lock_timeout(&transaction, patience).await?;
    let sends: Vec<_> = batch.iter().map(|waiting| &waiting.send).collect();
    let outcomes = store::post(&transaction, &sends, true).await?;
    transaction.commit().await?;
    Ok(outcomes)
}
