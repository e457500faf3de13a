//! Where an instance was last among the jobs that wait, so that it does not begin at the beginning each time.
//!
//! A job that was taken leaves an entry in each index, which vacuum removes; while somebody holds an old snapshot (a dump, a
//! forgotten transaction) it may not. Whoever looked for jobs from the beginning would walk over all of these, each time.

use std::{collections::HashMap, time::Duration};

use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    jobs::{
        model::{Job, Place},
        store::SeenColumns,
    },
    time::Timestamp,
};

/// How often it is looked from the beginning all the same: what another instance had locked and did not take, and what no
/// notification has told, is found then.
const BEGINNING: Duration = Duration::from_secs(10);
/// For how long what was passed over is looked at again: another instance may have had it locked just then.
const AGAIN: Duration = Duration::from_millis(250);

/// Where an instance was last.
pub struct Seen {
    /// Before this nothing waits.
    floor: Place,
    begun: Instant,
    has_taken: bool,
    /// By task and priority.
    lanes: HashMap<(&'static str, i32), Lane>,
}

struct Lane {
    from: Place,
    reached: Place,
    reached_at: Instant,
}

/// Before every job. The database has a word of its own for that, [`sent`] says it.
fn beginning() -> Place {
    Place { run_at: Timestamp(chrono::DateTime::<chrono::Utc>::MIN_UTC), id: Uuid::nil() }
}

fn sent(place: Place) -> Option<Timestamp> {
    (place.run_at != beginning().run_at).then_some(place.run_at)
}

impl Seen {
    /// Nothing was looked at yet.
    pub fn new() -> Self {
        Self { floor: beginning(), begun: Instant::now(), has_taken: false, lanes: HashMap::new() }
    }

    /// Whether nothing was taken since it was made.
    pub fn is_new(&self) -> bool {
        !self.has_taken
    }

    /// Something is due since then, or it may be anything: what was passed over since counts as not seen.
    pub fn rewind(&mut self, since: Option<Timestamp>) {
        let Some(run_at) = since else {
            *self = Self::new();
            return;
        };
        let to = Place { run_at, id: Uuid::nil() };
        self.floor = self.floor.min(to);
        for lane in self.lanes.values_mut() {
            lane.from = lane.from.min(to);
            lane.reached = lane.reached.min(to);
        }
    }

    /// Before this nothing waits, but for what comes later and notifies; now and then it is looked from the beginning.
    fn floor(&mut self) -> Place {
        if self.begun.elapsed() > BEGINNING {
            *self = Self::new();
        }
        self.floor
    }

    /// The same, as a statement takes it.
    pub fn sent_floor(&mut self) -> (Option<Timestamp>, Uuid) {
        let floor = self.floor();
        (sent(floor), floor.id)
    }

    /// The first that waits stands here.
    pub fn raise_floor(&mut self, to: Place) {
        self.floor = to;
    }

    /// As a statement takes it.
    pub fn columns(&self) -> SeenColumns {
        let mut columns = SeenColumns::default();
        for ((task, priority), lane) in &self.lanes {
            columns.tasks.push(task);
            columns.priorities.push(*priority);
            columns.run_at.push(sent(lane.from));
            columns.ids.push(lane.from.id);
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
        let place = Place { run_at: job.run_at, id: job.id };
        let now = Instant::now();
        let new = || Lane { from: beginning(), reached: beginning(), reached_at: now };
        let lane = self.lanes.entry((task, job.priority)).or_insert_with(new);
        if lane.reached_at.elapsed() > AGAIN {
            lane.from = lane.reached;
            lane.reached_at = now;
        }
        lane.reached = lane.reached.max(place);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn job(second: i64) -> Job {
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
        for lane in seen.lanes.values_mut() {
            lane.reached_at -= AGAIN * 2;
        }
        seen.pass("echo", &job(20));
        assert_eq!(seen.columns().run_at, [Some(job(10).run_at)]);
        seen.rewind(Some(job(5).run_at));
        assert_eq!(seen.columns().run_at, [Some(job(5).run_at)]);
        seen.begun -= BEGINNING * 2;
        assert_eq!(seen.floor(), beginning());
        assert!(seen.columns().tasks.is_empty());
    }
}
