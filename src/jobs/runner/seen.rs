//! Cursors into the queue: where an instance was last among the jobs that wait, so that it does not begin at the beginning each
//! time.
//!
//! A job that was taken leaves an entry in each index, which vacuum removes; while somebody holds an old snapshot (a dump, a
//! forgotten transaction) it may not. Whoever looked for jobs from the beginning would walk over all of these, each time.

use std::{collections::HashMap, time::Duration};

use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    jobs::{
        model::{Job, QueuePosition},
        store::SeenColumns,
    },
    time::Timestamp,
};

/// How often the scan begins at the beginning all the same. It finds what another instance had locked and did not take, and what
/// no notification has told.
const BEGINNING: Duration = Duration::from_secs(10);
/// For how long what was skipped is scanned again: another instance may have had it locked just then.
const AGAIN: Duration = Duration::from_millis(250);

/// Where an instance was last.
pub struct Seen {
    /// No job waits before this.
    low_watermark: QueuePosition,
    begun: Instant,
    has_taken: bool,
    /// By task and priority.
    cursors: HashMap<(&'static str, i32), Cursor>,
}

/// How far the jobs of one task and priority were taken.
struct Cursor {
    from: QueuePosition,
    reached: QueuePosition,
    reached_at: Instant,
}

/// Before every job. A statement takes null for it ([`sent`]).
fn beginning() -> QueuePosition {
    QueuePosition { run_at: Timestamp(chrono::DateTime::<chrono::Utc>::MIN_UTC), id: Uuid::nil() }
}

fn sent(position: QueuePosition) -> Option<Timestamp> {
    (position.run_at != beginning().run_at).then_some(position.run_at)
}

impl Seen {
    /// Nothing was scanned yet.
    pub fn new() -> Self {
        Self { low_watermark: beginning(), begun: Instant::now(), has_taken: false, cursors: HashMap::new() }
    }

    /// Whether nothing was taken since it was made.
    pub fn is_new(&self) -> bool {
        !self.has_taken
    }

    /// Something is due since then, or it may be anything: what was scanned since counts as not seen.
    pub fn rewind(&mut self, since: Option<Timestamp>) {
        let Some(run_at) = since else {
            *self = Self::new();
            return;
        };
        let to = QueuePosition { run_at, id: Uuid::nil() };
        self.low_watermark = self.low_watermark.min(to);
        for cursor in self.cursors.values_mut() {
            cursor.from = cursor.from.min(to);
            cursor.reached = cursor.reached.min(to);
        }
    }

    /// No job waits before this, but for one that comes later and notifies. Now and then the scan begins at the beginning.
    fn low_watermark(&mut self) -> QueuePosition {
        if self.begun.elapsed() > BEGINNING {
            *self = Self::new();
        }
        self.low_watermark
    }

    /// The same, as a statement takes it.
    pub fn low_watermark_parameters(&mut self) -> (Option<Timestamp>, Uuid) {
        let low_watermark = self.low_watermark();
        (sent(low_watermark), low_watermark.id)
    }

    /// The first job that waits is here.
    pub fn raise_low_watermark(&mut self, to: QueuePosition) {
        self.low_watermark = to;
    }

    /// As a statement takes it.
    pub fn columns(&self) -> SeenColumns {
        let mut columns = SeenColumns::default();
        for ((task, priority), cursor) in &self.cursors {
            columns.tasks.push(task);
            columns.priorities.push(*priority);
            columns.run_at.push(sent(cursor.from));
            columns.ids.push(cursor.from.id);
        }
        columns
    }

    /// This was taken. The jobs of a task and priority are taken in order, so those before it are gone.
    pub fn pass(&mut self, task: &'static str, job: &Job) {
        self.has_taken = true;
        // These are found by their keys.
        if job.concurrency_key.is_some() {
            return;
        }
        let position = QueuePosition { run_at: job.run_at, id: job.id };
        let now = Instant::now();
        let new = || Cursor { from: beginning(), reached: beginning(), reached_at: now };
        let cursor = self.cursors.entry((task, job.priority)).or_insert_with(new);
        if cursor.reached_at.elapsed() > AGAIN {
            cursor.from = cursor.reached;
            cursor.reached_at = now;
        }
        cursor.reached = cursor.reached.max(position);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    pub fn job(second: i64) -> Job {
        let at = Timestamp(chrono::DateTime::from_timestamp(second, 0).unwrap_or_default());
        Job {
            id: Uuid::from_u128(1),
            task: "echo".into(),
            args: json!({}),
            status: "running".into(),
            priority: 0,
            unique_key: None,
            concurrency_key: None,
            attempts: 1,
            max_attempts: 1,
            run_at: at,
            result: None,
            error: None,
            created_at: at,
            finished_at: None,
        }
    }

    #[test]
    fn what_was_passed_is_looked_at_once_more_and_then_no_more() {
        let mut seen = Seen::new();
        seen.pass("echo", &job(10));
        assert_eq!(seen.columns().run_at, [None]);
        for cursor in seen.cursors.values_mut() {
            cursor.reached_at -= AGAIN * 2;
        }
        seen.pass("echo", &job(20));
        assert_eq!(seen.columns().run_at, [Some(job(10).run_at)]);
        seen.rewind(Some(job(5).run_at));
        assert_eq!(seen.columns().run_at, [Some(job(5).run_at)]);
        seen.begun -= BEGINNING * 2;
        assert_eq!(seen.low_watermark(), beginning());
        assert!(seen.columns().tasks.is_empty());
    }
}
