//! What is counted while it happens.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// The counts of a run, and what was wrong in it.
#[derive(Default)]
pub struct Tally {
    /// Whatever shows that things go on.
    pub moves: AtomicUsize,
    counts: Mutex<BTreeMap<&'static str, usize>>,
    faults: Mutex<BTreeMap<&'static str, usize>>,
    wrongs: Mutex<Vec<String>>,
    acks: Mutex<Vec<Ack>>,
    silence: Mutex<Option<Silence>>,
}

/// How long nothing was acknowledged.
#[derive(Debug, Clone, Copy)]
struct Silence {
    since: Instant,
    longest: Duration,
}

/// A send that was acknowledged.
#[derive(Debug, Clone, Copy)]
pub struct Ack {
    /// Its number, which its client_id names.
    pub ticket: usize,
    /// Its place in the log, where the answer says one.
    pub seq: Option<i64>,
}

impl Tally {
    /// One more of these.
    pub fn count(&self, what: &'static str) {
        self.add(what, 1);
    }

    /// So many more of these.
    pub fn add(&self, what: &'static str, more: usize) {
        self.moves.fetch_add(1, Ordering::Relaxed);
        *self.counts.lock().unwrap().entry(what).or_default() += more;
    }

    /// Something was broken.
    pub fn fault(&self, what: &'static str) {
        *self.faults.lock().unwrap().entry(what).or_default() += 1;
    }

    /// Something is not as promised; the run ends soon.
    pub fn wrong(&self, what: impl Into<String>) {
        let mut wrongs = self.wrongs.lock().unwrap();
        if wrongs.len() < 20 {
            wrongs.push(what.into());
        }
    }

    /// A writer was told that its message is there.
    pub fn acknowledge(&self, ack: Ack) {
        self.moves.fetch_add(1, Ordering::Relaxed);
        self.acks.lock().unwrap().push(ack);
        if let Some(silence) = self.silence.lock().unwrap().as_mut() {
            silence.longest = silence.longest.max(silence.since.elapsed());
            silence.since = Instant::now();
        }
    }

    /// Begins to look for the longest time without an acknowledgement.
    pub fn listen_for_silence(&self) {
        *self.silence.lock().unwrap() = Some(Silence { since: Instant::now(), longest: Duration::ZERO });
    }

    /// The longest one since.
    pub fn longest_silence(&self) -> Duration {
        let silence = *self.silence.lock().unwrap();
        silence.map_or(Duration::ZERO, |silence| silence.longest.max(silence.since.elapsed()))
    }

    /// How many messages were acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.acks.lock().unwrap().len()
    }

    /// All that was acknowledged.
    pub fn acks(&self) -> Vec<Ack> {
        self.acks.lock().unwrap().clone()
    }

    /// How often something was counted.
    pub fn counted(&self, what: &str) -> usize {
        self.counts.lock().unwrap().get(what).copied().unwrap_or_default()
    }

    /// Nothing may be wrong so far.
    pub fn assert_sound(&self) {
        let wrongs = self.wrongs.lock().unwrap();
        assert!(wrongs.is_empty(), "{}\n{self}", wrongs.join("\n"));
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  acknowledged: {}", self.acknowledged())?;
        for (what, count) in self.counts.lock().unwrap().iter() {
            writeln!(f, "  {what}: {count}")?;
        }
        for (what, count) in self.faults.lock().unwrap().iter() {
            writeln!(f, "  fault, {what}: {count}")?;
        }
        Ok(())
    }
}
