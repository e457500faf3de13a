//! Takes jobs and runs them, a few at a time, for as long as it is wanted.

mod attempt;

use std::{collections::HashMap, time::Duration};

use tokio::{
    sync::watch,
    task::{AbortHandle, Id, JoinHandle, JoinSet},
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout, timeout_at},
};
use uuid::Uuid;

use self::attempt::Ended;
use super::{model::Taken, store, tasks::Task};
use crate::{app::App, error::Result};

/// How long a job is an instance's without a sign of life.
const LEASE: Duration = Duration::from_secs(20);
/// The time between two signs of life.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// How often the table is looked at when no notification comes and none is known to be due: the clock may jump.
const POLL: Duration = Duration::from_secs(5);
/// How often when one is due and was not taken: it is another worker's, or another holds it.
const PASSED_OVER: Duration = Duration::from_secs(1);
/// How long it may take to give back what was not finished.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);
/// The most jobs that run at once; each may hold a database connection, and a quarter of them is what people can spare.
const MOST: usize = 8;

/// Runs jobs until it is stopped.
pub struct Runner {
    stop: watch::Sender<bool>,
    work: JoinHandle<()>,
}

/// How many attempts ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Jobs that were done.
    pub succeeded: u64,
    /// Jobs that failed for good.
    pub failed: u64,
    /// Attempts that failed and will be repeated.
    pub again: u64,
    /// Attempts whose job another instance has taken over.
    pub lost: u64,
}

impl std::ops::Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            succeeded: self.succeeded + other.succeeded,
            failed: self.failed + other.failed,
            again: self.again + other.again,
            lost: self.lost + other.lost,
        }
    }
}

impl Runner {
    /// Takes jobs of these tasks from now on. When it is stopped, those that run have as long as `grace` to finish.
    pub fn start(app: App, tasks: &'static [Task], grace: Duration) -> Self {
        Self::begin(Workers::new(app, tasks), grace)
    }

    /// The same, with so many workers: for tasks that wait for others most of the time, and hold no connection while they do.
    pub fn start_with_concurrency(
        app: App,
        tasks: &'static [Task],
        concurrency: usize,
        grace: Duration,
    ) -> Self {
        Self::begin(Workers { most: concurrency, ..Workers::new(app, tasks) }, grace)
    }

    fn begin(mut workers: Workers, grace: Duration) -> Self {
        let (stop, stopping) = watch::channel(false);
        let work = tokio::spawn(async move {
            workers.work(stopping).await;
            workers.finish(grace).await;
        });
        Self { stop, work }
    }

    /// Takes no more jobs, waits for those that run, and gives back what was not finished in time.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        let _ = self.work.await;
    }

    /// Vanishes without a word, as a killed process would.
    pub fn vanish(&self) {
        self.work.abort();
    }

    /// Runs jobs until none is due and none of ours runs.
    pub async fn run_all(app: App, tasks: &'static [Task]) -> Result<Counts> {
        let mut workers = Workers::new(app, tasks);
        workers.run_all().await?;
        Ok(workers.counts)
    }
}

/// The jobs of this instance.
struct Workers {
    app: App,
    tasks: &'static [Task],
    names: Vec<&'static str>,
    /// The names of the regular tasks, and the seconds between two turns of each.
    regular: (Vec<&'static str>, Vec<f64>),
    most: usize,
    attempts: JoinSet<Ended>,
    held: HashMap<Id, Held>,
    counts: Counts,
}

/// A job this instance holds.
struct Held {
    id: Uuid,
    lease: Uuid,
    attempt: AbortHandle,
}

impl Workers {
    fn new(app: App, tasks: &'static [Task]) -> Self {
        let regular = tasks.iter().filter_map(|task| Some((task.name, task.every?.as_secs_f64()))).unzip();
        Self {
            most: (app.pool.status().max_size / 4).clamp(1, MOST),
            app,
            tasks,
            names: tasks.iter().map(|task| task.name).collect(),
            regular,
            attempts: JoinSet::new(),
            held: HashMap::new(),
            counts: Counts::default(),
        }
    }

    async fn work(&mut self, mut stopping: watch::Receiver<bool>) {
        let mut due = self.app.jobs_due.subscribe();
        let mut beat = interval(HEARTBEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut next = Instant::now();
        loop {
            tokio::select! {
                _ = stopping.changed() => return,
                Some(ended) = self.attempts.join_next_with_id() => self.note(ended),
                // The sender lives in the App, as long as the workers do.
                _ = due.changed() => {}
                () = sleep_until(next) => {}
                _ = beat.tick() => {
                    if let Err(error) = self.beat().await {
                        tracing::debug!(%error, "jobs could not be looked after; trying again");
                    }
                    continue;
                }
            }
            let pause = match self.take_and_wait().await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::debug!(%error, "jobs could not be polled; trying again");
                    PASSED_OVER
                }
            };
            next = Instant::now() + pause;
        }
    }

    async fn run_all(&mut self) -> Result<()> {
        let mut beat = interval(HEARTBEAT);
        loop {
            self.take().await?;
            if self.attempts.is_empty() {
                return Ok(());
            }
            tokio::select! {
                Some(ended) = self.attempts.join_next_with_id() => self.note(ended),
                _ = beat.tick() => self.renew().await?,
            }
        }
    }

    /// Takes what is due, and says how long nothing else will be.
    async fn take_and_wait(&mut self) -> Result<Duration> {
        self.take().await?;
        if self.attempts.len() >= self.most {
            return Ok(POLL);
        }
        let seconds = store::seconds_to_next(&self.app.db().await?).await?;
        Ok(match seconds {
            // A moment more: whose clock is behind by less than that looks once and not many times.
            Some(seconds) if seconds > 0.0 => {
                Duration::from_secs_f64(seconds.min(POLL.as_secs_f64()) + 0.001)
            }
            Some(_) => PASSED_OVER,
            None => POLL,
        })
    }

    /// Takes as many jobs as there are workers free, and begins them.
    async fn take(&mut self) -> Result<()> {
        let free = self.most.saturating_sub(self.attempts.len());
        if free == 0 {
            return Ok(());
        }
        let taken = store::take(&self.app.db().await?, &self.names, free as i64, LEASE).await?;
        for Taken { job, lease } in taken {
            let Some(task) = self.tasks.iter().find(|task| task.name == job.task) else { continue };
            let id = job.id;
            let attempt = self.attempts.spawn(attempt::run(self.app.clone(), *task, job, lease));
            self.held.insert(attempt.id(), Held { id, lease, attempt });
        }
        Ok(())
    }

    /// Gives a sign of life, takes from the dead, and queues what is done regularly.
    async fn beat(&mut self) -> Result<()> {
        self.renew().await?;
        let db = self.app.db().await?;
        store::take_back(&db).await?;
        store::queue_regular(&db, &self.regular.0, &self.regular.1).await?;
        Ok(())
    }

    /// Renews the leases; what was taken over by another is given up.
    async fn renew(&mut self) -> Result<()> {
        let (ids, leases) = self.leases();
        if ids.is_empty() {
            return Ok(());
        }
        let good = store::renew(&self.app.db().await?, &ids, &leases, LEASE).await?;
        for held in self.held.values().filter(|held| !good.contains(&held.lease)) {
            held.attempt.abort();
        }
        Ok(())
    }

    fn leases(&self) -> (Vec<Uuid>, Vec<Uuid>) {
        self.held.values().map(|held| (held.id, held.lease)).unzip()
    }

    fn note(&mut self, ended: std::result::Result<(Id, Ended), tokio::task::JoinError>) {
        let (id, ended) = match ended {
            Ok((id, ended)) => (id, ended),
            Err(error) => (error.id(), Ended::Lost),
        };
        self.held.remove(&id);
        match ended {
            Ended::Succeeded => self.counts.succeeded += 1,
            Ended::Failed => self.counts.failed += 1,
            Ended::Again => self.counts.again += 1,
            Ended::Lost => self.counts.lost += 1,
            Ended::PutOff => {}
        }
    }

    /// Waits for what runs, and gives back the rest.
    async fn finish(&mut self, grace: Duration) {
        let end = Instant::now() + grace;
        let mut beat = interval(HEARTBEAT);
        while !self.attempts.is_empty() {
            let next = timeout_at(end, async {
                tokio::select! {
                    Some(ended) = self.attempts.join_next_with_id() => Some(ended),
                    _ = beat.tick() => None,
                }
            });
            match next.await {
                Ok(Some(ended)) => self.note(ended),
                Ok(None) => _ = self.renew().await,
                Err(_) => break,
            }
        }
        // Stopped before it is given back, so that it never runs twice at once.
        self.attempts.shutdown().await;
        let (ids, leases) = self.leases();
        if ids.is_empty() {
            return;
        }
        let given_back = timeout(SHUTDOWN_TIMEOUT, async {
            store::give_back(&self.app.db().await?, &ids, &leases, Duration::ZERO).await
        });
        match given_back.await {
            Ok(Ok(jobs)) => tracing::info!(jobs, "unfinished jobs were released"),
            _ => tracing::warn!(
                "unfinished jobs could not be released: they run elsewhere when their lease has expired"
            ),
        }
    }
}
