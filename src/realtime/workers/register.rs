//! Who is connected to this instance, as the tables say: changes are gathered and written together, and a heartbeat
//! tells the others that they still hold. An instance that fails is removed by the others within half a minute.

use std::{collections::HashSet, time::Duration};

use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until};
use uuid::Uuid;

use super::super::hub::Hub;
use crate::{db::Client, error::Result, presences::store};

/// The time between two heartbeats. An instance that has sent none for 25 seconds is dead (`presences/remove_instances.sql`), so
/// that whoever was connected there is offline within 45 even when a heartbeat comes late.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// The time between two writes of who came and went. The first after a pause goes at once.
const PAUSE: Duration = Duration::from_millis(100);

/// Keeps the register, for as long as the program runs.
pub async fn work(hub: Hub) {
    let mut tick = interval(HEARTBEAT);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last: Option<Instant> = None;
    loop {
        let kept = tokio::select! {
            () = hub.register().waiting.notified() => {
                let next = Instant::now() + PAUSE;
                let kept = settle(&hub).await;
                sleep_until(next).await;
                kept
            }
            _ = tick.tick() => heartbeat(&hub, &mut last).await,
        };
        if let Err(error) = kept {
            tracing::debug!(%error, "who is connected could not be written; trying again");
            sleep(PAUSE * 5).await;
        }
    }
}

/// Says that nobody is connected here any more, and that this instance is gone.
pub async fn close(hub: &Hub) -> Result<()> {
    store::remove_instances(&hub.app().db().await?, Some(hub.register().id)).await?;
    Ok(())
}

/// Writes who came and went.
async fn settle(hub: &Hub) -> Result<()> {
    let changed = std::mem::take(&mut *hub.register().changed());
    if changed.is_empty() {
        return Ok(());
    }
    let (came, went): (Vec<_>, Vec<_>) = hub.partition_by_presence(&changed);
    let written = write(hub, &came, &went).await;
    if written.is_err() {
        hub.register().changed().extend(changed);
        hub.register().waiting.notify_one();
    }
    written
}

async fn write(hub: &Hub, came: &[Uuid], went: &[Uuid]) -> Result<()> {
    let id = hub.register().id;
    hub.app().pool.ask(|db| async move { store::settle(&db, id, came, went).await }).await?;
    Ok(())
}

/// Sends a heartbeat, corrects the tables where they say something else (after PostgreSQL crashed they are empty), and removes
/// dead instances.
async fn heartbeat(hub: &Hub, last: &mut Option<Instant>) -> Result<()> {
    let pool = &hub.app().pool;
    pool.ask(|db| async move { show(hub, &db).await }).await?;
    // Not right after a time in which nobody could send one: the others need a moment for theirs.
    if last.replace(Instant::now()).is_some_and(|last| last.elapsed() < HEARTBEAT * 2) {
        pool.ask(|db| async move { store::remove_instances(&db, None).await }).await?;
    }
    Ok(())
}

/// Sends a heartbeat, and writes who is here where the tables say something else.
async fn show(hub: &Hub, db: &Client) -> Result<()> {
    let known = store::heartbeat(db, hub.register().id).await?;
    let here: HashSet<_> = hub.people_here();
    if usize::try_from(known) != Ok(here.len()) && hub.register().changed().is_empty() {
        let known: HashSet<_> = store::list_here(db, hub.register().id).await?.into_iter().collect();
        let came: Vec<_> = here.difference(&known).copied().collect();
        let went: Vec<_> = known.difference(&here).copied().collect();
        store::settle(db, hub.register().id, &came, &went).await?;
    }
    Ok(())
}
