//! What is broken, one thing after the other.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use nix::sys::signal::Signal;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use tokio::time::Instant;

use super::{instance::Order, stage::Stage};

/// PostgreSQL is started again no more often than this within a minute: beyond it, whoever keeps it gives up.
const RESTARTS: usize = 3;

/// The kinds of faults, but for those that readers and writers cause themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    InstanceKilled,
    InstanceDrained,
    InstanceFrozen,
    ListenersEnded,
    BackendsEnded,
    PostgresFast,
    PostgresImmediate,
    PostgresKilled,
}

use Fault::{
    BackendsEnded, InstanceDrained, InstanceFrozen, InstanceKilled, ListenersEnded, PostgresFast,
    PostgresImmediate, PostgresKilled,
};

const ALL: [Fault; 8] = [
    InstanceKilled,
    InstanceDrained,
    InstanceFrozen,
    ListenersEnded,
    BackendsEnded,
    PostgresFast,
    PostgresImmediate,
    PostgresKilled,
];

/// Breaks things.
pub struct Faults {
    stage: Arc<Stage>,
    calm: Duration,
    dice: StdRng,
    coming: Vec<Fault>,
    rounds: usize,
    restarts: VecDeque<Instant>,
}

impl Faults {
    /// Nothing is broken yet.
    pub fn new(stage: &Arc<Stage>, calm: Duration, seed: u64) -> Self {
        let dice = StdRng::seed_from_u64(seed);
        Self { stage: Arc::clone(stage), calm, dice, coming: vec![], rounds: 0, restarts: VecDeque::new() }
    }

    /// Whether every kind has happened.
    pub fn all_happened(&self) -> bool {
        self.rounds > 1 || (self.rounds == 1 && self.coming.is_empty())
    }

    /// The time until the next one.
    pub fn calm(&mut self) -> Duration {
        self.calm.mul_f64(self.dice.random_range(0.5..1.5))
    }

    /// Breaks the next thing.
    pub async fn next(&mut self) {
        if self.coming.is_empty() {
            self.coming = ALL.to_vec();
            self.coming.shuffle(&mut self.dice);
            self.rounds += 1;
        }
        let Some(fault) = self.coming.pop() else { return };
        let instance = &self.stage.instances[self.dice.random_range(0..2)];
        match fault {
            InstanceKilled => instance.order(Order::Kill).await,
            InstanceDrained => instance.order(Order::Drain).await,
            InstanceFrozen => {
                let span = Duration::from_millis(self.dice.random_range(500..3000));
                instance.order(Order::Freeze(span)).await;
            }
            ListenersEnded => self.end_backends("trunkline listener%").await,
            BackendsEnded => self.end_backends("%").await,
            PostgresFast | PostgresImmediate | PostgresKilled => {
                self.restarts.retain(|at| at.elapsed() < Duration::from_secs(60));
                if self.restarts.len() == RESTARTS {
                    return;
                }
                self.restarts.push_back(Instant::now());
                self.stage.signal_postgres(match fault {
                    PostgresFast => Signal::SIGINT,
                    PostgresImmediate => Signal::SIGQUIT,
                    _ => Signal::SIGKILL,
                });
            }
        }
        self.stage.tally.fault(fault.name());
    }

    async fn end_backends(&self, name: &str) {
        let sql = "select pg_terminate_backend(pid) from pg_stat_activity
                   where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name like $1";
        let _ = self.stage.psql().await.query(sql, &[&name]).await;
    }
}

impl Fault {
    fn name(self) -> &'static str {
        match self {
            InstanceKilled => "an instance killed",
            InstanceDrained => "an instance drained",
            InstanceFrozen => "an instance frozen",
            ListenersEnded => "listeners ended",
            BackendsEnded => "all backends ended",
            PostgresFast => "PostgreSQL restarted fast",
            PostgresImmediate => "PostgreSQL restarted immediately",
            PostgresKilled => "PostgreSQL killed",
        }
    }
}
