//! Takes jobs and runs them, a few at a time, for as long as it is wanted.

mod attempt;
mod counts;
mod seen;
mod taking;
mod writing;

pub use counts::Counts;

use std::{collections::HashMap, time::Duration};

use tokio::{
    sync::{broadcast::error::RecvError, watch},
    task::{AbortHandle, Id, JoinError, JoinHandle, JoinSet},
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout, timeout_at},
};
use uuid::Uuid;

use self::{
    attempt::Report,
    seen::Seen,
    writing::{Ended, write},
};
use super::{store, tasks::Task};
use crate::{app::App, error::Result, time::Timestamp};

/// How long a job is an instance's without a sign of life.
const LEASE: Duration = Duration::from_secs(20);
/// The time between two signs of life.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// How often the table is looked at when no notification comes and none is known to be due: the clock may jump. What is due
/// within a second more than that notifies.
const POLL: Duration = Duration::from_secs(5);
/// How often when one is due and was not taken: it is another worker's, or another holds it, or its task is paused.
const PASSED_OVER: Duration = Duration::from_secs(1);
/// Leases that lapsed longer ago were looked for before.
const LAPSED: Duration = Duration::from_secs(60);
/// How long it may take to give back what was not finished.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);
/// The most jobs that run at once; each may hold a database connection, and a quarter of them is what people can spare.
const MOST: usize = 8;

/// Runs jobs until it is stopped.
pub struct Runner {
    stop: watch::Sender<bool>,
    work: JoinHandle<()>,
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

    /// Runs jobs until none is due and none of ours runs; `show` is told now and then how many have ended.
    pub async fn run_all(app: App, tasks: &'static [Task], show: impl Fn(&Counts)) -> Result<Counts> {
        let mut workers = Workers::new(app, tasks);
        workers.run_all(show).await?;
        Ok(workers.counts)
    }
}

/// The jobs of this instance.
struct Workers {
    app: App,
    tasks: &'static [Task],
    names: Vec<&'static str>,
    most: usize,
    seen: Seen,
    attempts: JoinSet<Report>,
    /// By their leases, from the moment at which they are taken until it is written down how they ended.
    held: HashMap<Uuid, Held>,
    leases: HashMap<Id, Uuid>,
    reports: Vec<Report>,
    writing: JoinSet<Vec<(Uuid, Ended)>>,
    /// Whether there was a job for every worker that was free, and so may be more.
    has_backlog: bool,
    gathers_since: Option<Instant>,
    taken_back_at: Option<Instant>,
    counts: Counts,
}

/// A job this instance holds.
struct Held {
    id: Uuid,
    /// Others with its key wait for its end.
    has_key: bool,
    attempt: AbortHandle,
}

impl Workers {
    fn new(app: App, tasks: &'static [Task]) -> Self {
        Self {
            most: (app.pool.status().max_size / 4).clamp(1, MOST),
            app,
            tasks,
            names: tasks.iter().map(|task| task.name).collect(),
            seen: Seen::new(),
            attempts: JoinSet::new(),
            held: HashMap::new(),
            leases: HashMap::new(),
            reports: Vec::new(),
            writing: JoinSet::new(),
            has_backlog: false,
            gathers_since: None,
            taken_back_at: None,
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
                Some(written) = self.writing.join_next() => {
                    let frees_a_key = self.settle(written.unwrap_or_default());
                    if self.reports.is_empty() && !frees_a_key {
                        continue;
                    }
                }
                heard = due.recv() => self.hear(heard),
                () = sleep_until(next) => {}
                _ = beat.tick() => {
                    if let Err(error) = self.beat().await {
                        tracing::debug!(%error, "jobs could not be looked after; trying again");
                    }
                    continue;
                }
            }
            while let Some(ended) = self.attempts.try_join_next_with_id() {
                self.note(ended);
            }
            while !due.is_empty() {
                let heard = due.recv().await;
                self.hear(heard);
            }
            self.write();
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

    async fn run_all(&mut self, show: impl Fn(&Counts)) -> Result<()> {
        let mut beat = interval(HEARTBEAT);
        loop {
            show(&self.counts);
            self.take().await?;
            self.write();
            if self.held.is_empty() {
                if self.seen.is_new() {
                    return Ok(());
                }
                // Once more from the beginning: a job may have queued another.
                self.seen = Seen::new();
                continue;
            }
            tokio::select! {
                Some(ended) = self.attempts.join_next_with_id() => self.note(ended),
                Some(written) = self.writing.join_next() => { self.settle(written.unwrap_or_default()); }
                _ = beat.tick() => self.renew().await?,
            }
        }
    }

    fn hear(&mut self, heard: std::result::Result<Option<Timestamp>, RecvError>) {
        // Of too many notifications some are not kept: then it may be anything.
        self.seen.rewind(heard.unwrap_or_default());
    }

    /// Gives a sign of life, and takes from the dead.
    async fn beat(&mut self) -> Result<()> {
        self.renew().await?;
        let db = self.app.db().await?;
        // Whoever could not look for a while looks for all.
        let looks_always = self.taken_back_at.is_some_and(|at| at.elapsed() < LAPSED / 2);
        store::take_back(&db, looks_always.then_some(LAPSED)).await?;
        self.taken_back_at = Some(Instant::now());
        store::move_finished(&db).await?;
        Ok(())
    }

    /// Renews the leases; what was taken over by another is given up.
    async fn renew(&mut self) -> Result<()> {
        let (ids, leases) = self.ids();
        if ids.is_empty() {
            return Ok(());
        }
        let good = store::renew(&self.app.db().await?, &ids, &leases, LEASE).await?;
        for (lease, held) in &self.held {
            if !good.contains(lease) {
                held.attempt.abort();
            }
        }
        Ok(())
    }

    fn ids(&self) -> (Vec<Uuid>, Vec<Uuid>) {
        self.held.iter().map(|(lease, held)| (held.id, *lease)).unzip()
    }

    /// An attempt has ended: what it says is to be written down. One that was given up has nothing to say.
    fn note(&mut self, ended: std::result::Result<(Id, Report), JoinError>) {
        match ended {
            Ok((id, report)) => {
                self.leases.remove(&id);
                self.reports.push(report);
            }
            Err(error) => {
                if let Some(lease) = self.leases.remove(&error.id()) {
                    self.held.remove(&lease);
                }
                self.counts.lost += 1;
            }
        }
    }

    /// Begins to write down what was said, unless some is being written: then the rest is next.
    fn write(&mut self) {
        if self.writing.is_empty() && !self.reports.is_empty() {
            self.writing.spawn(write(self.app.clone(), std::mem::take(&mut self.reports)));
        }
    }

    /// It is written down how these ended; says whether others may run now that were kept from it by a key.
    fn settle(&mut self, written: Vec<(Uuid, Ended)>) -> bool {
        let mut frees_a_key = false;
        for (lease, ended) in written {
            frees_a_key |= self.held.remove(&lease).is_some_and(|held| held.has_key);
            match ended {
                Ended::Succeeded => self.counts.succeeded += 1,
                Ended::Failed => self.counts.failed += 1,
                Ended::Again => self.counts.again += 1,
                Ended::Lost => self.counts.lost += 1,
                Ended::PutOff => {}
            }
        }
        frees_a_key
    }

    /// Waits for what runs, and gives back the rest.
    async fn finish(&mut self, grace: Duration) {
        let end = Instant::now() + grace;
        let mut beat = interval(HEARTBEAT);
        while !self.held.is_empty() {
            self.write();
            let next = timeout_at(end, async {
                tokio::select! {
                    Some(ended) = self.attempts.join_next_with_id() => self.note(ended),
                    Some(written) = self.writing.join_next() => { self.settle(written.unwrap_or_default()); }
                    _ = beat.tick() => { let _ = self.renew().await; }
                }
            });
            if next.await.is_err() {
                break;
            }
        }
        // Stopped before it is given back, so that it never runs twice at once.
        self.attempts.shutdown().await;
        let (ids, leases) = self.ids();
        if ids.is_empty() {
            return;
        }
        let given_back =
            timeout(SHUTDOWN_TIMEOUT, async { store::give_back(&self.app.db().await?, &ids, &leases).await });
        match given_back.await {
            Ok(Ok(jobs)) => tracing::info!(jobs, "unfinished jobs were released"),
            _ => tracing::warn!(
                "unfinished jobs could not be released: they run elsewhere when their lease has expired"
            ),
        }
    }
}
