//! Taking what is due.

use std::time::Duration;

use tokio::time::Instant;

use super::{Held, LEASE, PASSED_OVER, POLL, Workers};
use crate::{
    error::{Code, Result},
    jobs::{model::Next, store},
    time::pause_until,
};

/// How often jobs are taken when others take those with the same keys at the same moment.
const TRIES: u32 = 3;
/// How long workers that have just become free wait for others, while more is due than there are workers: then several jobs are
/// taken at once, and not each by itself.
const GATHER: Duration = Duration::from_millis(2);

impl Workers {
    /// Takes what is due, and says how long nothing else will be.
    pub(super) async fn take_and_wait(&mut self) -> Result<Duration> {
        if self.wanted() == 0 {
            return Ok(POLL);
        }
        let now = Instant::now();
        if self.has_backlog {
            if self.gathers() {
                return Ok(GATHER);
            }
            // Others may have become due meanwhile, by the clock and without a notification.
            if self.look_at <= now {
                self.look_at = now + PASSED_OVER;
                self.due.add(self.names.iter().copied());
            }
            self.take_due().await?;
            if self.has_backlog {
                return Ok(POLL);
            }
            self.look_at = now;
        } else if !self.due.is_empty() {
            self.take_due().await?;
            if self.has_backlog {
                return Ok(POLL);
            }
            // What was not taken may be another worker's, or be kept by its key.
            self.look_at = self.look_at.min(now + PASSED_OVER);
        }
        if self.look_at > now {
            return Ok(self.look_at - now);
        }
        let pause = self.look().await?;
        self.look_at = Instant::now() + pause;
        Ok(pause)
    }

    /// Takes of the tasks that notifications have named.
    async fn take_due(&mut self) -> Result<()> {
        let tasks = self.due.take();
        self.take(&tasks).await
    }

    /// Looks through the queue, takes what is due, and says how long nothing else will be. When nothing is due this is one look at
    /// an index.
    async fn look(&mut self) -> Result<Duration> {
        let low_watermark = self.seen.low_watermark_parameters();
        let found = store::find_next(&self.app.db().await?, low_watermark).await?;
        let Some(Next { position, seconds }) = found else { return Ok(POLL) };
        self.seen.raise_low_watermark(position);
        if seconds > 0.0 {
            return Ok(pause_until(seconds).min(POLL));
        }
        let tasks = self.names.clone();
        self.take(&tasks).await?;
        if self.has_backlog {
            return Ok(POLL);
        }
        let seconds = store::seconds_to_next(&self.app.db().await?, &self.names, PASSED_OVER).await?;
        Ok(seconds.map_or(PASSED_OVER, pause_until))
    }

    /// How many jobs to take: for the workers that are free, and some ahead.
    fn wanted(&self) -> usize {
        self.most.saturating_sub(self.attempts.len() + self.prefetched.len()) + self.prefetched.lacking()
    }

    /// Whether it is worth to wait for others to become free: most are at work, and something has just ended.
    fn gathers(&mut self) -> bool {
        let free = self.most.saturating_sub(self.attempts.len());
        if free * 2 >= self.most || self.prefetched.is_on() {
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

    /// Takes jobs of these tasks, and begins them. Where there may be more of some, those are looked for next.
    pub(super) async fn take(&mut self, tasks: &[&'static str]) -> Result<()> {
        self.begin();
        let wanted = self.wanted();
        if wanted == 0 {
            return Ok(());
        }
        let mut tries = 0;
        let taken = loop {
            tries += 1;
            let db = self.app.db().await?;
            match store::take(&db, tasks, &self.seen.columns(), wanted as i64, LEASE).await {
                Err(error) if error.code() == Code::Conflict && tries < TRIES => {}
                taken => break taken?,
            }
        };
        self.has_backlog = taken.len() == wanted;
        for taken in taken {
            let job = &taken.job;
            let Some(task) = self.tasks.iter().find(|task| task.name == job.task) else { continue };
            self.seen.pass(task.name, job);
            if self.has_backlog {
                self.due.add([task.name]);
            }
            let held = Held { id: job.id, has_key: job.concurrency_key.is_some(), attempt: None };
            self.held.insert(taken.lease, held);
            self.prefetched.push(taken);
        }
        self.begin();
        Ok(())
    }
}
