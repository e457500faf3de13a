//! Jobs that are taken ahead: while many short ones wait, the next begins at the moment at which one ends, and one statement takes
//! several.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;
use uuid::Uuid;

use crate::jobs::model::Taken;

/// How many are taken ahead.
const MOST: usize = 8;
/// A job that takes no longer is short.
const SHORT: Duration = Duration::from_millis(5);
/// After so many short ones in a row some are taken ahead; one that is longer, and it begins anew.
const IN_A_ROW: u32 = 16;
/// How long they wait at most, while none of ours ends: then they are released, and another instance may run them.
const MAX_WAIT: Duration = Duration::from_millis(50);

/// Jobs that were taken and have not begun, in the order in which they will.
pub struct Prefetched {
    jobs: VecDeque<Taken>,
    short_in_a_row: u32,
    moved_at: Instant,
}

impl Prefetched {
    /// None, as long as nobody knows how long the jobs take.
    pub fn new() -> Self {
        Self { jobs: VecDeque::new(), short_in_a_row: 0, moved_at: Instant::now() }
    }

    /// Whether it is worth to take jobs ahead.
    pub fn is_on(&self) -> bool {
        self.short_in_a_row >= IN_A_ROW
    }

    /// How many more to take beside those that begin at once: none before half of them have begun.
    pub fn lacking(&self) -> usize {
        if self.is_on() && self.jobs.len() <= MOST / 2 { MOST - self.jobs.len() } else { 0 }
    }

    /// So many wait to begin.
    pub fn len(&self) -> usize {
        self.jobs.len()
    }

    /// An attempt took so long.
    pub fn note(&mut self, took: Duration) {
        self.short_in_a_row = if took <= SHORT { self.short_in_a_row.saturating_add(1) } else { 0 };
    }

    /// Behind the others.
    pub fn push(&mut self, taken: Taken) {
        self.moved_at = Instant::now();
        self.jobs.push_back(taken);
    }

    /// The one that begins now.
    pub fn pop(&mut self) -> Option<Taken> {
        self.moved_at = Instant::now();
        self.jobs.pop_front()
    }

    /// It is no longer ours.
    pub fn remove(&mut self, lease: Uuid) {
        self.jobs.retain(|taken| taken.lease != lease);
    }

    /// When they will have waited too long.
    pub fn late_at(&self) -> Option<Instant> {
        (!self.jobs.is_empty()).then(|| self.moved_at + MAX_WAIT)
    }

    /// All that wait, to be released. The next ones are taken ahead when jobs are short again.
    pub fn take_all(&mut self) -> Vec<Taken> {
        self.short_in_a_row = 0;
        self.jobs.drain(..).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::runner::seen::tests::job;

    #[test]
    fn jobs_are_taken_ahead_while_they_are_short_and_released_when_none_ends() {
        let mut prefetched = Prefetched::new();
        for _ in 0..IN_A_ROW {
            assert_eq!((prefetched.is_on(), prefetched.lacking()), (false, 0));
            prefetched.note(SHORT);
        }
        assert_eq!((prefetched.is_on(), prefetched.lacking(), prefetched.late_at()), (true, MOST, None));
        for second in 0..MOST as i64 {
            prefetched.push(Taken { job: job(second), lease: Uuid::from_u128(second as u128) });
        }
        assert_eq!(prefetched.lacking(), 0);
        prefetched.remove(Uuid::from_u128(1));
        let begun: Vec<_> =
            (0..MOST / 2).filter_map(|_| prefetched.pop()).map(|taken| taken.job.run_at).collect();
        assert_eq!(begun, [0, 2, 3, 4].map(|second| job(second).run_at));
        assert_eq!(prefetched.lacking(), MOST - prefetched.len());
        assert!(prefetched.late_at().is_some_and(|at| at <= Instant::now() + MAX_WAIT));
        assert_eq!(prefetched.take_all().len(), 3);
        assert!(!prefetched.is_on(), "not at once again");
        prefetched.note(SHORT * 2);
        assert_eq!((prefetched.len(), prefetched.lacking()), (0, 0));
    }
}
