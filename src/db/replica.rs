//! A streaming replica that carries what can be read there (`database.read_url`): nobody ever sees less than they have
//! seen, so it is asked only for what it is known to hold. One that is behind, away, or no replica any more is passed over.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use super::{
    client::Client,
    pool::Pool,
    query::{self, Params},
};
use crate::{
    error::{Error, Result},
    telemetry::metrics::names,
};

/// How long it may take to answer whether it holds something; the primary would have answered by then.
const TIMEOUT: Duration = Duration::from_secs(1);
/// A replica is as a rule behind by less than this: what it lacks now it has then.
const MOMENT: Duration = Duration::from_millis(10);
/// One that did not answer, or is no replica any more, is left alone for so long.
const REST: Duration = Duration::from_secs(5);

/// The replica, and what is known of it.
pub struct Replica {
    pool: Pool,
    rests_until: Mutex<Option<Instant>>,
}

impl Replica {
    /// Opens a pool to it; whether it is there shows when it is asked.
    pub fn open(url: &str, name: &str, size: usize, deadline: Duration) -> Result<Self> {
        Ok(Self { pool: Pool::open(url, name, size, deadline)?, rests_until: Mutex::default() })
    }

    /// A connection to it, if the log of this chat has come as far as this entry there.
    pub async fn holding(&self, chat_id: Uuid, seq: i64, id: Option<Uuid>) -> Option<Client> {
        let sql = include_str!("../../sql/queries/replica/holds.sql");
        self.asked(sql, &[&chat_id, &seq, &id]).await
    }

    /// A connection to it, if it has everything that the primary had written at this place of its WAL.
    pub async fn having_replayed(&self, place: &str) -> Option<Client> {
        let sql = include_str!("../../sql/queries/replica/has_replayed.sql");
        self.asked(sql, &[&place]).await
    }

    /// Whether it is a replica, and holds what the question is about.
    async fn asked(&self, sql: &str, parameters: Params<'_>) -> Option<Client> {
        let rests_until = *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        if rests_until.is_some_and(|until| Instant::now() < until) {
            return None;
        }
        let answer = timeout(TIMEOUT, async {
            let db = self.pool.get().await?;
            let mut said = query::pairs::<bool, bool>(&db, sql, parameters).await?;
            if let Some((true, false)) = said.first() {
                sleep(MOMENT).await;
                said = query::pairs(&db, sql, parameters).await?;
            }
            Ok::<_, Error>((db, said.first().copied()))
        });
        match answer.await {
            Ok(Ok((db, Some((true, true))))) => {
                count("used");
                Some(db)
            }
            Ok(Ok((_, Some((true, false)) | None))) => {
                count("lagging");
                None
            }
            Ok(Ok((_, Some((false, _))))) => {
                self.rest("database.read_url leads to a server that is no replica (any more)");
                None
            }
            Ok(Err(error)) => {
                self.rest(&format!("{error}{}", error.causes()));
                None
            }
            Err(_) => {
                self.rest("it does not answer");
                None
            }
        }
    }

    /// How many seconds it is behind at most; `None` when it is no replica.
    pub async fn lag(&self) -> Result<Option<f64>> {
        let sql = include_str!("../../sql/queries/replica/lag.sql");
        Ok(query::scalar::<Option<f64>>(&self.pool.get().await?, sql, &[]).await?.flatten())
    }

    /// Leaves it alone for a while.
    fn rest(&self, reason: &str) {
        count("unavailable");
        tracing::warn!("the replica is not asked for {} s: {reason}", REST.as_secs());
        self.pool.discard_idle();
        *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + REST);
    }

    /// Lets go of its connections.
    pub fn close(&self) {
        self.pool.close();
    }
}

fn count(outcome: &'static str) {
    metrics::counter!(names::REPLICA_READS, "outcome" => outcome).increment(1);
}
