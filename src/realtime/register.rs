//! Who is connected to this instance, as the tables say: changes are gathered and written together, and a sign of life
//! tells the others that they still hold. Who dies is buried by the others within half a minute.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, MissedTickBehavior, interval, sleep, sleep_until},
};
use uuid::Uuid;

use super::Hub;
use crate::{error::Result, presences::store};

/// The time between two signs of life. Who has given none for 25 seconds is dead (`presences/bury.sql`), so that whoever
/// was connected there is offline within 45 even when a beat comes late.
const BEAT: Duration = Duration::from_secs(5);
/// The time between two writes of who came and went. The first after a pause goes at once.
const PAUSE: Duration = Duration::from_millis(100);

/// Whose presence has changed since it was last written.
pub struct Register {
    /// Which instance this is.
    id: Uuid,
    changed: Mutex<HashSet<Uuid>>,
    waiting: Notify,
}

impl Register {
    /// An instance nobody knows yet.
    pub fn new() -> Self {
        Self { id: Uuid::now_v7(), changed: Mutex::default(), waiting: Notify::new() }
    }

    fn changed(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Someone's first socket came, or their last went.
    pub fn note(&self, user_id: Uuid) {
        self.changed().insert(user_id);
        self.waiting.notify_one();
    }
}

impl Hub {
    /// Keeps the register, for as long as the program runs.
    pub async fn keep_register(self) {
        let mut tick = interval(BEAT);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last: Option<Instant> = None;
        loop {
            let kept = tokio::select! {
                () = self.register().waiting.notified() => {
                    let next = Instant::now() + PAUSE;
                    let kept = self.settle().await;
                    sleep_until(next).await;
                    kept
                }
                _ = tick.tick() => self.beat_register(&mut last).await,
            };
            if let Err(error) = kept {
                tracing::debug!(%error, "who is connected could not be written; trying again");
                sleep(PAUSE * 5).await;
            }
        }
    }

    /// Says that nobody is connected here any more, and that this instance is gone.
    pub async fn close_register(&self) -> Result<()> {
        store::bury(&self.app().db().await?, Some(self.register().id)).await?;
        Ok(())
    }

    /// Writes who came and went.
    async fn settle(&self) -> Result<()> {
        let changed = std::mem::take(&mut *self.register().changed());
        if changed.is_empty() {
            return Ok(());
        }
        let (came, went): (Vec<_>, Vec<_>) = self.partition_by_presence(&changed);
        let written = self.write(&came, &went).await;
        if written.is_err() {
            self.register().changed().extend(changed);
            self.register().waiting.notify_one();
        }
        written
    }

    async fn write(&self, came: &[Uuid], went: &[Uuid]) -> Result<()> {
        store::settle(&self.app().db().await?, self.register().id, came, went).await?;
        Ok(())
    }

    /// Gives a sign of life, mends the tables where they say something else (after PostgreSQL crashed they are empty), and
    /// buries the dead.
    async fn beat_register(&self, last: &mut Option<Instant>) -> Result<()> {
        let db = self.app().db().await?;
        let known = store::beat(&db, self.register().id).await?;
        let here: HashSet<_> = self.people_here();
        if usize::try_from(known) != Ok(here.len()) && self.register().changed().is_empty() {
            let known: HashSet<_> = store::list_here(&db, self.register().id).await?.into_iter().collect();
            let came: Vec<_> = here.difference(&known).copied().collect();
            let went: Vec<_> = known.difference(&here).copied().collect();
            store::settle(&db, self.register().id, &came, &went).await?;
        }
        // Not right after a time in which nobody could give a sign: the others need a moment for theirs.
        if last.replace(Instant::now()).is_some_and(|last| last.elapsed() < BEAT * 2) {
            store::bury(&db, None).await?;
        }
        Ok(())
    }
}
