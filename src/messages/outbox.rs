//! Where sends wait for the commit they share.
//!
//! PostgreSQL lets one notifying transaction commit at a time, server-wide; so a commit a message would be the limit of
//! the whole product. Sends that arrive while a batch is under way travel together in the next one. There is no timer:
//! a lone send leaves at once, and the busier the server, the larger the batches. While hardly anybody waits, sends to
//! different chats leave one by one, a few beside each other: a plain one has a statement of its own that costs less than a
//! batch. A batch that is slow delays the chats in it and nobody else.
//!
//! A chat that somebody else holds (an open transaction in psql, another instance's batch) would make its whole batch
//! wait. Its sends leave the batch and wait in a queue of their own: [`queues`].

mod queues;
mod share;
mod single;
mod written;

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot},
    task::JoinSet,
    time::{Instant, sleep_until},
};
use tracing::Instrument;
use uuid::Uuid;

pub use self::written::{Watch, Written};
use self::{
    queues::Queues,
    share::{BATCH, Weight},
    written::Watcher,
};
use super::store::{self, Outcome, Send};
use crate::{
    db::Pool,
    error::{Error, Result},
    telemetry::{metrics::names, traces},
};

/// Of so many the next batch is chosen.
const READY: usize = 2048;
/// The most sends that wait at once; beyond it a sender is told to come again.
const WAITING: usize = 8192;
/// A batch that has not been answered for so long is slow: the next one leaves beside it.
const SLOW: Duration = Duration::from_millis(100);
/// While so many wait on average when a batch leaves, they travel alone.
const FEW: f32 = 2.0;
/// The most sends under way that travel alone.
const BESIDE: usize = 4;
/// A batch that has not been answered for so long will not be: the chats in it have waited long enough.
const ANSWER: Duration = Duration::from_secs(5);
/// How long a send waits for a chat that somebody else holds.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The way into the log for every endpoint. A clone is cheap.
#[derive(Clone)]
pub struct Outbox {
    sender: mpsc::Sender<Waiting>,
    watcher: Watcher,
}

/// A send, and who waits for its outcome.
struct Waiting {
    send: Send,
    since: Instant,
    answer: oneshot::Sender<Result<Outcome>>,
}

impl Waiting {
    fn weight(&self) -> Weight {
        let bytes = self.send.content.as_ref().map_or(0, String::len);
        Weight { sender: self.send.sender_id, bytes }
    }
}

impl Outbox {
    /// Starts the worker that commits the batches. It ends when the last clone is gone.
    pub fn start(pool: Pool) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let watcher = Watcher::default();
        tokio::spawn(run(pool, watcher.clone(), receiver));
        Self { sender, watcher }
    }

    /// The same without shared commits: each send is a transaction with a notification of its own, as many at once as the
    /// pool allows. It serves nobody but the benchmark, which shows what sharing is worth.
    pub fn one_by_one(pool: Pool) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(single::run(pool, receiver));
        Self { sender, watcher: Watcher::default() }
    }

    /// Shows each lone message that is committed here to somebody, from now on: before its sender is answered, and without
    /// waiting for anything. Only the first to ask is shown them.
    pub fn show(&self, watch: impl Watch + 'static) {
        self.watcher.set(watch);
    }

    /// Sends, and waits for the commit: `Posted` means durable.
    pub async fn send(&self, send: Send) -> Result<Outcome> {
        let (answer, outcome) = oneshot::channel();
        let span = traces::commit(send.chat_id, send.id);
        let waiting = Waiting { send, since: Instant::now(), answer };
        self.sender
            .try_send(waiting)
            .map_err(|_| Error::unavailable("too many sends are waiting; try again", 1))?;
        let outcome = outcome.instrument(span).await;
        outcome.map_err(|_| Error::unavailable("the server is stopping", 1))?
    }
}

async fn run(pool: Pool, watcher: Watcher, arrivals: mpsc::Receiver<Waiting>) {
    let most = (pool.max_size() / 2).max(1);
    Worker {
        queues: Queues::new(pool.clone()),
        pool,
        watcher,
        most,
        ready: VecDeque::new(),
        behind: HashMap::new(),
        held: 0,
        under_way: JoinSet::new(),
        newest: Instant::now(),
        waiting: 0.0,
    }
    .work(arrivals)
    .await;
}

/// Commits the batches: as a rule one after the other, so that they grow while a commit is under way. One that takes long
/// (a connection that hangs, a disk that waits) is not waited for by anybody but the chats in it.
struct Worker {
    pool: Pool,
    watcher: Watcher,
    queues: Queues,
    /// The most batches under way at once.
    most: usize,
    /// Those who travel with the next batch.
    ready: VecDeque<Waiting>,
    /// By chat of a batch that is under way: those who came after it, and stay behind it.
    behind: HashMap<Uuid, Vec<Waiting>>,
    /// How many those are, in all chats.
    held: usize,
    under_way: JoinSet<Committed>,
    /// When the last batch left.
    newest: Instant,
    /// How many waited when each of the last batches left, on average.
    waiting: f32,
}

/// A batch whose outcome is known.
struct Committed {
    chats: Vec<Uuid>,
    outcomes: Vec<(Waiting, Result<Outcome>)>,
}

impl Worker {
    async fn work(mut self, mut arrivals: mpsc::Receiver<Waiting>) {
        let mut open = true;
        while open || !self.under_way.is_empty() {
            let (idle, late) = (self.under_way.is_empty(), self.newest + SLOW);
            let beside = if self.is_quiet() { BESIDE.min(self.most) } else { 1 };
            let may_leave = self.under_way.len() < beside
                || idle
                || (self.under_way.len() < self.most && Instant::now() >= late);
            if !may_leave || self.ready.is_empty() {
                tokio::select! {
                    Some(committed) = self.under_way.join_next() => match committed {
                        Ok(committed) => self.settle(committed),
                        // It can only have been aborted with everything else.
                        Err(_) => return,
                    },
                    arrival = arrivals.recv(), if open && may_leave && self.held < WAITING => match arrival {
                        Some(waiting) => self.sort(waiting),
                        None => open = false,
                    },
                    () = sleep_until(late), if !may_leave && self.under_way.len() < self.most => {}
                }
            }
            if may_leave {
                while self.ready.len() < READY && self.held < WAITING {
                    let Ok(next) = arrivals.try_recv() else { break };
                    self.sort(next);
                }
                self.leave();
            }
        }
    }

    /// Where a send waits: for the next batch, or for the end of one that is under way.
    fn sort(&mut self, waiting: Waiting) {
        match self.behind.get_mut(&waiting.send.chat_id) {
            Some(behind) => {
                behind.push(waiting);
                self.held += 1;
            }
            None => self.ready.push_back(waiting),
        }
    }

    /// Whether so few wait that a batch is worth nothing.
    fn is_quiet(&self) -> bool {
        self.waiting <= FEW
    }

    /// Sends the next batch on its way.
    fn leave(&mut self) {
        self.ready.retain(|waiting| !waiting.answer.is_closed());
        if self.ready.is_empty() {
            return;
        }
        self.waiting += (self.ready.len() as f32 - self.waiting) / 8.0;
        let batch = match self.ready.front() {
            Some(first) if self.is_quiet() && first.send.is_plain() => self.ready.drain(..1).collect(),
            _ => share::choose(&mut self.ready, Waiting::weight),
        };
        let batch = self.queues.join(batch);
        if batch.is_empty() {
            return;
        }
        let chats: BTreeSet<_> = batch.iter().map(|waiting| waiting.send.chat_id).collect();
        let chats = Vec::from_iter(chats);
        for chat_id in &chats {
            self.behind.entry(*chat_id).or_default();
        }
        // Those who wait for these chats wait for this batch now.
        for waiting in std::mem::take(&mut self.ready) {
            self.sort(waiting);
        }
        self.newest = Instant::now();
        let (pool, watcher) = (self.pool.clone(), self.watcher.clone());
        self.under_way.spawn(async move {
            let outcomes = match <[Waiting; 1]>::try_from(batch) {
                Ok([waiting]) if waiting.send.is_plain() => {
                    let outcome = single::post_plain(&pool, &watcher, &waiting.send).await;
                    vec![(waiting, outcome)]
                }
                Ok([waiting]) => commit_batch(&pool, vec![waiting]).await,
                Err(batch) => commit_batch(&pool, batch).await,
            };
            Committed { chats, outcomes }
        });
    }

    /// Tells everyone what became of theirs; who waited behind them is next.
    fn settle(&mut self, committed: Committed) {
        let mut again = Vec::new();
        for (waiting, outcome) in committed.outcomes {
            match outcome {
                // Its client_id stood earlier in the batch.
                Ok(Outcome::Again) => again.push(waiting),
                Ok(Outcome::Busy) => self.queues.open(waiting),
                outcome => answer(waiting, outcome),
            }
        }
        for waiting in again.into_iter().rev() {
            self.ready.push_front(waiting);
        }
        for chat_id in committed.chats {
            let behind = self.behind.remove(&chat_id).unwrap_or_default();
            self.held -= behind.len();
            self.ready.extend(behind);
        }
    }
}

/// Posts a batch in one commit. When the database refuses the statement as a whole, each send is tried by itself, so
/// that a bad one fails alone. Not when the connection broke, for then nobody knows whether the batch was committed; and not
/// where the database takes nothing from anybody, such as on a full disk.
async fn commit_batch(pool: &Pool, batch: Vec<Waiting>) -> Vec<(Waiting, Result<Outcome>)> {
    metrics::histogram!(names::BATCH_SIZE).record(batch.len() as f64);
    let begun = Instant::now();
    let posted = post(pool, &batch).await;
    metrics::histogram!(names::COMMIT_SECONDS).record(begun.elapsed().as_secs_f64());
    match posted {
        Ok(outcomes) => batch.into_iter().zip(outcomes.into_iter().map(Ok)).collect(),
        Err(error) if batch.len() > 1 && may_be_of_one(&error) => commit_singly(pool, batch).await,
        Err(error) => {
            tracing::warn!(sends = batch.len(), "a batch of sends failed: {error}{}", error.causes());
            batch.into_iter().map(|waiting| (waiting, Err(error.repeat()))).collect()
        }
    }
}

/// Commits each send by itself, until one fails for a reason that would be that of all others, or it has taken too long:
/// those who are left were not tried.
async fn commit_singly(pool: &Pool, batch: Vec<Waiting>) -> Vec<(Waiting, Result<Outcome>)> {
    let begun = Instant::now();
    let mut results = Vec::with_capacity(batch.len());
    let mut is_hopeless = false;
    for waiting in batch {
        is_hopeless |= begun.elapsed() >= ANSWER;
        let outcome = match is_hopeless {
            true => Err(Error::unavailable("the database is busy; try again", 1)),
            false => single::post(pool, &waiting, false).await,
        };
        if let Err(error) = &outcome {
            is_hopeless |= !may_be_of_one(error);
        }
        results.push((waiting, outcome));
    }
    results
}

/// Whether the database may have refused because of one send, or of somebody in its way, and might take another.
fn may_be_of_one(error: &Error) -> bool {
    error.is_rolled_back() && !error.is_everybodys()
}

async fn post(pool: &Pool, batch: &[Waiting]) -> Result<Vec<Outcome>> {
    let sends: Vec<_> = batch.iter().map(|waiting| &waiting.send).collect();
    let db = pool.get().await?.with_short_deadline(ANSWER);
    store::post(&db, &sends, false).await.map_err(Error::or_unknown)
}

fn answer(waiting: Waiting, outcome: Result<Outcome>) {
    if matches!(outcome, Ok(Outcome::Posted { .. })) {
        metrics::counter!(names::MESSAGES_POSTED).increment(1);
    }
    // Who has gone away meanwhile will ask again with the same client_id.
    let _ = waiting.answer.send(outcome);
}
