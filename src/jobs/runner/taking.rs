//! Taking what is due.

use std::time::Duration;

use tokio::time::Instant;

use super::{Held, LEASE, PASSED_OVER, POLL, Workers, attempt};
use crate::{
    error::{Code, Result},
    jobs::{
        model::{Next, Taken},
        store,
    },
    time::pause_until,
};

/// How often jobs are taken when others take those with the same keys at the same moment.
const TRIES: u32 = 3;
/// How long workers that have just become free wait for others, while more is due than there are workers: then several jobs are
/// taken at once, and not each by itself.
const GATHER: Duration = Duration::from_millis(2);

impl Workers {
    /// Takes what is due, and says how long nothing else will be. When nothing is due this is one look at an index.
    pub(super) async fn take_and_wait(&mut self) -> Result<Duration> {
        if self.attempts.len() >= self.most {
            return Ok(POLL);
        }
        if self.has_backlog {
            if self.gathers() {
                return Ok(GATHER);
            }
            self.take().await?;
            if self.has_backlog {
                return Ok(POLL);
            }
        }
        let floor = self.seen.sent_floor();
        let found = store::find_next(&self.app.db().await?, floor).await?;
        let Some(Next { place, seconds }) = found else { return Ok(POLL) };
        self.seen.raise_floor(place);
        if seconds > 0.0 {
            return Ok(pause_until(seconds).min(POLL));
        }
        self.take().await?;
        if self.attempts.len() >= self.most {
            return Ok(POLL);
        }
        let seconds = store::seconds_to_next(&self.app.db().await?, &self.names, PASSED_OVER).await?;
        Ok(seconds.map_or(PASSED_OVER, pause_until))
    }

    /// Whether it is worth to wait for others to become free: most are at work, and something has just ended.
    fn gathers(&mut self) -> bool {
        let free = self.most.saturating_sub(self.attempts.len());
        if free * 2 >= self.most {
            self.gathers_since = None;
            return false;
        }
        let since = *self.gathers_since.get_or_insert_with(Instant::now);
        let waits = since.elapsed() < GATHER;
        if !waits {
            self.gathers_since = None;
        }
        waits
    }

    /// Takes as many jobs as there are workers free, and begins them.
    pub(super) async fn take(&mut self) -> Result<()> {
        let free = self.most.saturating_sub(self.attempts.len());
        if free == 0 {
            return Ok(());
        }
        let mut tries = 0;
        let taken = loop {
            tries += 1;
            let db = self.app.db().await?;
            match store::take(&db, &self.names, &self.seen.columns(), free as i64, LEASE).await {
                Err(error) if error.code() == Code::Conflict && tries < TRIES => {}
                taken => break taken?,
            }
        };
        self.has_backlog = taken.len() == free;
        for Taken { job, lease } in taken {
            let Some(task) = self.tasks.iter().find(|task| task.name == job.task) else { continue };
            self.seen.pass(task.name, &job);
            let (id, has_key) = (job.id, job.concurrency_key.is_some());
            let attempt = self.attempts.spawn(attempt::run(self.app.clone(), *task, job, lease));
            self.leases.insert(attempt.id(), lease);
            self.held.insert(lease, Held { id, has_key, attempt });
        }
        Ok(())
    }
}
