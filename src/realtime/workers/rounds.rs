//! A round over everything that was told of logs: the news are read and told, then what may be forgotten.

use std::time::Duration;

use tokio::time::sleep;

use super::{departures, entries, ephemeral, logs, members, permissions};
use crate::{
    auth,
    error::Result,
    realtime::hub::{Heard, Hub},
};

/// How long the next round waits after one that failed.
const PAUSE: Duration = Duration::from_millis(200);

pub(super) async fn work(hub: Hub) {
    loop {
        hub.wake().heard.notified().await;
        let heard = std::mem::take(&mut *hub.heard());
        if let Err(error) = round(&hub, &heard).await {
            tracing::warn!(%error, "new entries could not be read; trying again");
            // But for what may be forgotten: who hears it late is told what no longer is.
            {
                let mut again = hub.heard();
                again.announced.extend(heard.announced);
                again.doubted.extend(heard.doubted);
                again.look_at_logs |= heard.look_at_logs;
                again.look_at_people |= heard.look_at_people;
            }
            sleep(PAUSE).await;
            hub.wake().heard.notify_one();
        }
    }
}

async fn round(hub: &Hub, heard: &Heard) -> Result<()> {
    let ends = ephemeral::ends_of(hub, &heard.events);
    if heard.look_at_logs {
        look_around(hub).await?;
        entries::read(hub, hub.channels()).await?;
    } else {
        logs::compare(hub, &hub.channels_of(&heard.doubted)).await?;
        let channels = hub.channels_of(&heard.announced);
        entries::tell_own(hub, &channels).await;
        entries::read(hub, channels).await?;
    }
    if heard.look_at_people {
        members::complete_gateways(hub).await?;
        members::put_out_all_banned(hub).await?;
    }
    // After the news that were announced before them: who was put out meanwhile hears none.
    ephemeral::deliver(hub, &heard.events, &ends);
    Ok(())
}

/// Asks the tables what notifications may not have told: where the logs stand, which chats and sessions are gone.
async fn look_around(hub: &Hub) -> Result<()> {
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
