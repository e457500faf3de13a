//! The sends to chats that somebody else holds: each chat waits by itself, in order, and nobody else does.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::db::Pool;
use tokio::{
    sync::Semaphore,
    time::{sleep, timeout},
};
use uuid::Uuid;

use super::{BATCH, TIMEOUT, Waiting, answer, commit_batch, may_be_of_one};
use crate::{
    db::query,
    error::{Error, Result},
    messages::store::{self, Outcome},
};

/// How long a queue waits for one of the connections that may wait for a lock, before it only looks whether its chat is
/// free.
const TURN: Duration = Duration::from_millis(50);

/// Every queue. A clone is cheap.
#[derive(Clone)]
pub struct Queues(Arc<Inner>);

struct Inner {
    pool: Pool,
    /// By chat. A chat is here as long as its queue runs.
    open: Mutex<HashMap<Uuid, Vec<Waiting>>>,
    /// How many may wait for a lock with a connection in hand: were it all, a transaction that holds many chats would
    /// take every connection of the pool, and nothing at all would go on.
    holding: Semaphore,
    /// The others look one after the other.
    looking: Semaphore,
}

impl Queues {
    /// No queues yet.
    pub fn new(pool: Pool) -> Self {
        let holding = Semaphore::new((pool.max_size() / 4).max(1));
        Self(Arc::new(Inner { pool, open: Mutex::default(), holding, looking: Semaphore::new(1) }))
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<Uuid, Vec<Waiting>>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes those whose chat has a queue to it, so that they stay behind the ones before them; the others travel on.
    pub fn join(&self, batch: Vec<Waiting>) -> Vec<Waiting> {
        let mut queues = self.queues();
        if queues.is_empty() {
            return batch;
        }
        let mut free = Vec::with_capacity(batch.len());
        for waiting in batch {
            match queues.get_mut(&waiting.send.chat_id) {
                Some(queue) => queue.push(waiting),
                None => free.push(waiting),
            }
        }
        free
    }

    /// Puts a send into the queue of its chat; the queue is made if there is none.
    pub fn open(&self, waiting: Waiting) {
        let chat_id = waiting.send.chat_id;
        let mut queues = self.queues();
        if let Some(queue) = queues.get_mut(&chat_id) {
            queue.push(waiting);
            return;
        }
        queues.insert(chat_id, vec![waiting]);
        drop(queues);
        tokio::spawn(self.clone().run(chat_id));
    }

    /// Waits for one chat and posts what has gathered for it, until nothing is left.
    async fn run(self, chat_id: Uuid) {
        while let Some(batch) = self.take(chat_id) {
            let rest = match timeout(TURN, self.0.holding.acquire()).await {
                Ok(_permit) => self.wait(batch).await,
                Err(_) => self.look(batch).await,
            };
            let (late, early) = rest.into_iter().partition(|waiting| waiting.since.elapsed() >= TIMEOUT);
            for waiting in Vec::from_iter::<Vec<Waiting>>(late) {
                let detail = "somebody else is writing to this chat; try again";
                answer(waiting, Err(Error::unavailable(detail, 1)));
            }
            self.requeue(chat_id, early);
        }
    }

    /// The next batch of a queue; the queue ends when there is none.
    fn take(&self, chat_id: Uuid) -> Option<Vec<Waiting>> {
        let mut queues = self.queues();
        let queue = queues.get_mut(&chat_id)?;
        queue.retain(|waiting| !waiting.answer.is_closed());
        if queue.is_empty() {
            queues.remove(&chat_id);
            return None;
        }
        let rest = queue.split_off(queue.len().min(BATCH));
        Some(std::mem::replace(queue, rest))
    }

    /// Puts sends back to the front of their queue.
    fn requeue(&self, chat_id: Uuid, batch: Vec<Waiting>) {
        self.queues().entry(chat_id).or_default().splice(..0, batch);
    }

    /// Posts as soon as the chat is free; gives back those that are to be tried again.
    async fn wait(&self, batch: Vec<Waiting>) -> Vec<Waiting> {
        let oldest = batch.iter().map(|waiting| waiting.since.elapsed()).max().unwrap_or_default();
        let patience = TIMEOUT.saturating_sub(oldest).max(Duration::from_millis(50));
        match self.post(&batch, patience).await {
            Ok(outcomes) => settle(batch.into_iter().zip(outcomes.into_iter().map(Ok))),
            // Somebody still holds the chat: who has waited long enough is told so, the others wait on.
            Err(error) if error.retry_after_seconds().is_some() && may_be_of_one(&error) => batch,
            // A bad send fails alone.
            Err(error) if may_be_of_one(&error) => settle(commit_batch(&self.0.pool, batch).await),
            Err(error) => {
                tracing::warn!(sends = batch.len(), "a batch of sends failed: {error}{}", error.causes());
                settle(batch.into_iter().map(|waiting| (waiting, Err(error.repeat()))))
            }
        }
    }

    /// Posts if the chat is free now; gives back those that are to be tried again.
    async fn look(&self, batch: Vec<Waiting>) -> Vec<Waiting> {
        // It is never closed.
        let _permit = self.0.looking.acquire().await;
        let rest = settle(commit_batch(&self.0.pool, batch).await);
        sleep(Duration::from_millis(5)).await;
        rest
    }

    async fn post(&self, batch: &[Waiting], patience: Duration) -> Result<Vec<Outcome>> {
        let mut client = self.0.pool.get().await?;
        let transaction = client.transaction().await?;
        query::set_lock_timeout(&transaction, patience).await?;
        let sends: Vec<_> = batch.iter().map(|waiting| &waiting.send).collect();
        let outcomes = store::post(&transaction, &sends, true).await?;
        transaction.commit().await?;
        Ok(outcomes)
    }
}

/// Answers those whose outcome is known; gives back the others, in order.
fn settle(outcomes: impl IntoIterator<Item = (Waiting, Result<Outcome>)>) -> Vec<Waiting> {
    let mut rest = Vec::new();
    for (waiting, outcome) in outcomes {
        match outcome {
            Ok(Outcome::Again | Outcome::Busy) => rest.push(waiting),
            outcome => answer(waiting, outcome),
        }
    }
    rest
}
