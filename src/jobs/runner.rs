//! Takes jobs and runs them, a few at a time, for as long as it is wanted.

mod attempt;
mod counts;
mod due;
mod prefetch;
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
    due::Due,
    prefetch::Prefetched,
    seen::Seen,
    writing::{Ended, write},
};
use super::{model::Taken, store, tasks::Task};
use crate::{
    app::{App, JobsDue},
    error::Result,
    time::Timestamp,
};

/// How long an instance holds a job without a heartbeat.
const LEASE: Duration = Duration::from_secs(20);
/// The time between two heartbeats.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// The poll interval when no notification comes and no job is known to be due: the clock may jump. What is due within a second
/// more than that notifies.
const POLL: Duration = Duration::from_secs(5);
/// The poll interval when a job is due and was not taken: it is another worker's, or another holds it, or its task is paused.
const PASSED_OVER: Duration = Duration::from_secs(1);
/// Leases that lapsed longer ago were reclaimed before.
const LAPSED: Duration = Duration::from_secs(60);
/// How long it may take to release what was not finished.
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

    /// Takes no more jobs, waits for those that run, and releases those that were not finished in time.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        let _ = self.work.await;
    }

    /// Stops at once and releases nothing, as a killed process would.
    pub fn kill(&self) {
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
    /// What begins as soon as an attempt ends.
    prefetched: Prefetched,
    /// By their leases, from the moment at which they are taken until it is written down how they ended.
    held: HashMap<Uuid, Held>,
    leases: HashMap<Id, Uuid>,
    reports: Vec<Report>,
    writing: JoinSet<Vec<(Uuid, Ended)>>,
    /// Whether there was a job for every worker that was free, and so may be more.
    has_backlog: bool,
    gathers_since: Option<Instant>,
    reclaimed_at: Option<Instant>,
    /// The tasks of which a job is due, as notifications say.
    due: Due,
    /// When the queue is looked at next, whatever notifications say.
    look_at: Instant,
    counts: Counts,
}

/// A job this instance holds.
struct Held {
    id: Uuid,
    /// Others with its key wait for its end.
    has_key: bool,
    /// `None` as long as it has not begun.
    attempt: Option<AbortHandle>,
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
            prefetched: Prefetched::new(),
            held: HashMap::new(),
            leases: HashMap::new(),
            reports: Vec::new(),
            writing: JoinSet::new(),
            has_backlog: false,
            gathers_since: None,
            reclaimed_at: None,
            due: Due::default(),
            look_at: Instant::now(),
            counts: Counts::default(),
        }
    }

    async fn work(&mut self, mut stopping: watch::Receiver<bool>) {
        let mut due = self.app.jobs_due.subscribe();
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut next = self.look_at;
        loop {
            tokio::select! {
                _ = stopping.changed() => return,
                Some(ended) = self.attempts.join_next_with_id() => self.note(ended),
                Some(written) = self.writing.join_next() => {
                    let frees_a_key = self.settle(written.unwrap_or_default());
                    if frees_a_key {
                        self.look_at = Instant::now();
                    } else if self.reports.is_empty() {
                        continue;
                    }
                }
                notified = due.recv() => self.rewind(notified),
                () = sleep_until(next) => {}
                () = late(self.prefetched.late_at()) => self.release_prefetched().await,
                _ = heartbeat.tick() => {
                    if let Err(error) = self.heartbeat().await {
                        tracing::debug!(%error, "the heartbeat of the jobs failed; trying again");
                    }
                    continue;
                }
            }
            while let Some(ended) = self.attempts.try_join_next_with_id() {
                self.note(ended);
            }
            while !due.is_empty() {
                let notified = due.recv().await;
                self.rewind(notified);
            }
            self.begin();
            self.write();
            let pause = match self.take_and_wait().await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::debug!(%error, "jobs could not be polled; trying again");
                    self.look_at = Instant::now();
                    PASSED_OVER
                }
            };
            next = Instant::now() + pause;
        }
    }

    async fn run_all(&mut self, show: impl Fn(&Counts)) -> Result<()> {
        let mut heartbeat = interval(HEARTBEAT);
        loop {
            show(&self.counts);
            self.take(&self.names.clone()).await?;
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
                () = late(self.prefetched.late_at()) => self.release_prefetched().await,
                _ = heartbeat.tick() => self.renew().await?,
            }
        }
    }

    /// A notification says what is due, and since when.
    fn rewind(&mut self, due: std::result::Result<JobsDue, RecvError>) {
        // Of too many notifications some are not kept: then it may be anything.
        let JobsDue { since, tasks } = due.unwrap_or_default();
        let ours: Option<Vec<_>> = tasks.map(|tasks| {
            self.names.iter().copied().filter(|name| tasks.iter().any(|task| task == name)).collect()
        });
        if ours.as_ref().is_some_and(Vec::is_empty) {
            return;
        }
        self.seen.rewind(since);
        match (ours, since) {
            (Some(tasks), Some(since)) if since <= Timestamp::now() => self.due.add(tasks),
            // What will be due soon is so by the clock of the database.
            _ => self.look_at = Instant::now(),
        }
    }

    /// Renews the leases, and reclaims jobs whose lease has lapsed.
    async fn heartbeat(&mut self) -> Result<()> {
        self.renew().await?;
        let db = self.app.db().await?;
        // After a while without a heartbeat, all lapsed leases are reclaimed.
        let is_regular = self.reclaimed_at.is_some_and(|at| at.elapsed() < LAPSED / 2);
        store::reclaim(&db, is_regular.then_some(LAPSED)).await?;
        self.reclaimed_at = Some(Instant::now());
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
        let lost: Vec<_> = leases.into_iter().filter(|lease| !good.contains(lease)).collect();
        for lease in lost {
            match self.held.get(&lease).and_then(|held| held.attempt.as_ref()) {
                Some(attempt) => attempt.abort(),
                None => {
                    self.prefetched.remove(lease);
                    self.held.remove(&lease);
                }
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
                self.prefetched.note(report.took);
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

    /// Begins the jobs that were taken, as many as there are workers free.
    fn begin(&mut self) {
        while self.attempts.len() < self.most {
            let Some(Taken { job, lease }) = self.prefetched.pop() else { return };
            let Some(task) = self.tasks.iter().find(|task| task.name == job.task) else { continue };
            let attempt = self.attempts.spawn(attempt::run(self.app.clone(), *task, job, lease));
            self.leases.insert(attempt.id(), lease);
            if let Some(held) = self.held.get_mut(&lease) {
                held.attempt = Some(attempt);
            }
        }
    }

    /// Releases all that has not begun: another instance may be free. What cannot be released runs elsewhere when its lease has expired.
    async fn release_prefetched(&mut self) {
        let (ids, leases): (Vec<_>, Vec<_>) =
            self.prefetched.take_all().into_iter().map(|taken| (taken.job.id, taken.lease)).unzip();
        if ids.is_empty() {
            return;
        }
        for lease in &leases {
            self.held.remove(lease);
        }
        let released = async { store::release(&self.app.db().await?, &ids, &leases).await };
        if let Err(error) = released.await {
            tracing::warn!(%error, "jobs that have not begun could not be released: they run elsewhere when their lease has expired");
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
                Ended::Postponed => {}
            }
        }
        frees_a_key
    }

    /// Waits for what runs, and releases the rest.
    async fn finish(&mut self, grace: Duration) {
        let end = Instant::now() + grace;
        let _ = timeout(SHUTDOWN_TIMEOUT, self.release_prefetched()).await;
        let mut heartbeat = interval(HEARTBEAT);
        while !self.held.is_empty() {
            self.write();
            let next = timeout_at(end, async {
                tokio::select! {
                    Some(ended) = self.attempts.join_next_with_id() => self.note(ended),
                    Some(written) = self.writing.join_next() => { self.settle(written.unwrap_or_default()); }
                    _ = heartbeat.tick() => { let _ = self.renew().await; }
                }
            });
            if next.await.is_err() {
                break;
            }
        }
        // Stopped before it is released, so that it never runs twice at once.
        self.attempts.shutdown().await;
        let (ids, leases) = self.ids();
        if ids.is_empty() {
            return;
        }
        let released =
            timeout(SHUTDOWN_TIMEOUT, async { store::release(&self.app.db().await?, &ids, &leases).await });
        match released.await {
            Ok(Ok(jobs)) => tracing::info!(jobs, "unfinished jobs were released"),
            _ => tracing::warn!(
                "unfinished jobs could not be released: they run elsewhere when their lease has expired"
            ),
        }
    }
}

/// When jobs that were taken ahead have waited too long.
async fn late(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
