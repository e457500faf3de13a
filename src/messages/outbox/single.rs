//! A send that travels alone.

use crate::db::Pool;
use tokio::sync::mpsc;

use super::{Waiting, answer, or_unknown};
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
    let db = pool.get().await?;
    let outcomes = store::post(&db, &[&waiting.send], wait_for_chats).await.map_err(or_unknown)?;
    outcomes.into_iter().next().ok_or_else(|| Error::internal("a send without an outcome"))
}
