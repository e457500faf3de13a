//! A send that travels alone.

use deadpool_postgres::Pool;
use tokio::sync::mpsc;

use super::{Waiting, answer};
use crate::{
    error::{Error, Result},
    messages::store::{self, Outcome},
};

/// Carries every send at once, each in a transaction of its own; the pool says how many are under way.
pub async fn run(pool: Pool, mut arrivals: mpsc::Receiver<Waiting>) {
    while let Some(waiting) = arrivals.recv().await {
        let pool = pool.clone();
        tokio::spawn(async move {
            let outcome = post(&pool, &waiting, true).await;
            answer(waiting, outcome);
        });
    }
}

/// Posts one send in a transaction of its own.
pub async fn post(pool: &Pool, waiting: &Waiting, wait_for_chats: bool) -> Result<Outcome> {
    let outcomes = store::post(&pool.get().await?, &[&waiting.send], wait_for_chats).await?;
    outcomes.into_iter().next().ok_or_else(|| Error::internal("a send without an outcome"))
}
