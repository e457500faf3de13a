//! A round over everything that was told of logs: the news are read and told, then what may be forgotten.

use std::{collections::HashSet, time::Duration};

use tokio::time::{sleep, timeout};

use super::{departures, entries, ephemeral, logs, members, permissions};
use crate::{
    auth,
    ephemeral::EphemeralEvent,
    error::Result,
    realtime::hub::{Hub, Pending},
};

/// How long the next round waits after one that failed.
const PAUSE: Duration = Duration::from_millis(200);

pub(super) async fn work(hub: Hub) {
    let mut postponed = false;
    loop {
        let told = hub.wake().pending.notified();
        if postponed {
            // Either way there is something to do.
            let _ = timeout(entries::WRITING, told).await;
        } else {
            told.await;
        }
        let pending = std::mem::take(&mut *hub.pending());
        let done = round(&hub, &pending).await;
        postponed = done.as_ref().is_ok_and(|postponed| *postponed);
        if let Err(error) = done {
            tracing::warn!(%error, "new entries could not be read; trying again");
            // But for what may be forgotten: who hears it late is told what no longer is.
            {
                let mut again = hub.pending();
                again.announced.extend(pending.announced);
                again.doubted.extend(pending.doubted);
                again.recheck_logs |= pending.recheck_logs;
                again.recheck_people |= pending.recheck_people;
            }
            sleep(PAUSE).await;
            hub.wake().pending.notify_one();
        }
    }
}

/// Answers whether some of the news have still to be told.
async fn round(hub: &Hub, pending: &Pending) -> Result<bool> {
    let mut postponed = false;
    let ends = ephemeral::ends_of(hub, &pending.events);
    if pending.recheck_logs {
        recheck_logs(hub).await?;
        entries::read(hub, hub.channels()).await?;
    } else {
        logs::compare(hub, &hub.channels_of(&pending.doubted)).await?;
        let mut channels = hub.channels_of(&pending.announced);
        entries::send_local(hub, &channels).await;
        if !pending.recheck_people {
            // What may be forgotten comes after the news that were announced before it.
            let urgent: HashSet<_> = pending.events.iter().map(EphemeralEvent::chat_id).collect();
            postponed = entries::postpone(hub, &mut channels, &urgent);
        }
        entries::read(hub, channels).await?;
    }
    if pending.recheck_people {
        members::complete_gateways(hub).await?;
        members::exclude_all_banned(hub).await?;
    }
    // After the news that were announced before them: who was put out meanwhile hears none.
    ephemeral::deliver(hub, &pending.events, &ends);
    Ok(postponed)
}

/// Asks the tables what notifications may not have told: where the logs stand, which chats and sessions are gone.
async fn recheck_logs(hub: &Hub) -> Result<()> {
    let app = hub.app();
    auth::service::load_revocations(app).await?;
    let (channels, sessions) = (hub.channels(), hub.sessions());
    let deleted = logs::compare(hub, &channels).await?;
    let session_ids: Vec<_> = sessions.iter().map(|session| session.caller.session_id).collect();
    let ids = &session_ids;
    let over = app.pool.ask(|db| async move { auth::store::list_over(&db, ids).await }).await?;
    // Those that were deleted are not among the revoked.
    over.iter().for_each(|id| app.revocations.add(*id));
    departures::end_sessions(hub, &over);
    departures::end_chats(hub, &deleted);
    permissions::dismiss_unpermitted(hub, &sessions).await
}
