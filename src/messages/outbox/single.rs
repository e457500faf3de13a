//! A send that travels alone.

use crate::db::Pool;
use tokio::{sync::mpsc, time::Instant};

use super::{
    ANSWER, Waiting, answer,
    written::{Watcher, Written},
};
use crate::{
    error::{Error, Result},
    messages::store::{self, Outcome, Send},
    telemetry::metrics::names,
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

/// Posts one text in the fewest steps, and shows it to who watches here.
pub async fn post_plain(pool: &Pool, watcher: &Watcher, send: &Send) -> Result<Outcome> {
    metrics::histogram!(names::BATCH_SIZE).record(1.0);
    let begun = Instant::now();
    let db = pool.get().await;
    let expected = watcher.expect(send.chat_id);
    let posted =
        async { store::post_one(&db?.with_short_deadline(ANSWER), send).await.map_err(Error::or_unknown) };
    let posted = posted.await;
    metrics::histogram!(names::COMMIT_SECONDS).record(begun.elapsed().as_secs_f64());
    match posted {
        Ok((outcome, after_id)) => {
            if let Outcome::Posted { id, seq, created_at, mentions } = &outcome
                && (after_id.is_some() || *seq == 1)
            {
                expected.show(|| Written {
                    message: send.clone().into_message(*id, *seq, *created_at, mentions.clone()),
                    after_id,
                });
            }
            Ok(outcome)
        }
        Err(error) => {
            tracing::warn!("a send failed: {error}{}", error.causes());
            Err(error)
        }
    }
}

/// Posts one send in a transaction of its own, if `wait_for_chats` also to a chat that somebody holds for a moment.
pub async fn post(pool: &Pool, waiting: &Waiting, wait_for_chats: bool) -> Result<Outcome> {
    let db = pool.get().await?.with_short_deadline(ANSWER);
    let outcomes = store::post(&db, &[&waiting.send], wait_for_chats).await.map_err(Error::or_unknown)?;
    outcomes.into_iter().next().ok_or_else(|| Error::internal("a send without an outcome"))
}
