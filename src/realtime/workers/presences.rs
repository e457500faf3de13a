//! Who comes online and goes, told to those who asked and may know. In a loop of its own: the news of the chats do not wait for
//! it.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use tokio::time::sleep;
use uuid::Uuid;

use crate::{
    error::Result,
    presences::store::{self, Presence},
    realtime::{
        hub::{Hub, Presences},
        session::Session,
        watching::announce,
    },
};

/// The most pairs of who asks and who is asked about in one query.
const PAIRS: usize = 2_000;
/// The pause after a question that was not answered.
const PAUSE: Duration = Duration::from_millis(200);

/// A client, and somebody it is to be told of.
type Pair = (Arc<Session>, Uuid);
/// What is to be told to a client.
type Seen<'a> = (Arc<Session>, &'a Presence);

pub(super) async fn work(hub: Hub) {
    loop {
        hub.wake().presences.notified().await;
        let presences = std::mem::take(&mut *hub.presences());
        if let Err(error) = tell(&hub, &presences).await {
            tracing::debug!(%error, "who is online could not be read; trying again");
            {
                let mut again = hub.presences();
                again.changed.extend(presences.changed);
                again.recheck_all |= presences.recheck_all;
            }
            sleep(PAUSE).await;
            hub.wake().presences.notify_one();
        }
    }
}

/// Looks at whom notifications told of.
async fn tell(hub: &Hub, presences: &Presences) -> Result<()> {
    let changed: Vec<Pair> = {
        let registry = hub.registry();
        let watched: Vec<_> = match presences.recheck_all {
            true => registry.watched.iter().collect(),
            false => presences.changed.iter().filter_map(|id| registry.watched.get_key_value(id)).collect(),
        };
        let pairs = watched
            .into_iter()
            .flat_map(|(user_id, watched)| watched.sessions.iter().map(move |number| (*number, *user_id)));
        pairs.filter_map(|(number, user_id)| Some((Arc::clone(registry.session(number)?), user_id))).collect()
    };
    for some in changed.chunks(PAIRS) {
        let visible = visible(hub, some).await?;
        for (session, seen) in compare(hub, seen(some, &visible)) {
            announce(&session, seen);
        }
    }
    Ok(())
}

/// Asked again each time: who is no friend any more, shares no chat or is blocked hears nothing of them.
async fn visible(hub: &Hub, pairs: &[Pair]) -> Result<HashMap<(Uuid, Uuid), Presence>> {
    let pairs: HashSet<_> = pairs.iter().map(|(session, id)| (session.caller.user_id, *id)).collect();
    let (watchers, people): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    let (who, whom) = (&watchers, &people);
    let ask = |db| async move { store::list_visible(&db, who, whom).await };
    let visible = hub.app().pool.ask(ask).await?;
    Ok(visible.into_iter().map(|seen| ((seen.watcher_id, seen.user_id), seen)).collect())
}

fn seen<'a>(pairs: &[Pair], visible: &'a HashMap<(Uuid, Uuid), Presence>) -> Vec<Seen<'a>> {
    let seen = |(session, user_id): &Pair| {
        visible.get(&(session.caller.user_id, *user_id)).map(|seen| (Arc::clone(session), seen))
    };
    pairs.iter().filter_map(seen).collect()
}

/// What is other than what was last told of these people; it is what was last told from now on.
fn compare<'a>(hub: &Hub, seen: Vec<Seen<'a>>) -> Vec<Seen<'a>> {
    let mut registry = hub.registry();
    let (news, _): (Vec<Seen<'_>>, Vec<Seen<'_>>) = seen.into_iter().partition(|(_, seen)| {
        registry.watched.get(&seen.user_id).is_some_and(|watched| watched.online != Some(seen.online))
    });
    for (_, seen) in &news {
        if let Some(watched) = registry.watched.get_mut(&seen.user_id) {
            watched.online = Some(seen.online);
        }
    }
    news
}
