//! Who wants to know who is online.

use std::{collections::HashSet, sync::Arc};

use uuid::Uuid;

use super::{frames::Notice, hub::Hub, session::Session};
use crate::{
    error::{Error, Result},
    presences::store::{self, Presence},
};

/// Tells a client whether these people are online, now and whenever it changes: those it may know of. Fails when that
/// is none of them, and where its person watches as many as they may. `said` is called when it is known that it may, and
/// before anything is told.
pub async fn watch(hub: &Hub, session: &Arc<Session>, user_ids: &[Uuid], said: impl FnOnce()) -> Result<()> {
    let app = hub.app();
    let _permit = app.watching.acquire_soon(session.caller.user_id).await?;
    // Before the tables are asked: whoever comes or goes after that is told like any.
    let new = hub.registry().watch(session, user_ids)?;
    let visible = visible(hub, session, user_ids).await;
    let seen: HashSet<_> = visible.iter().flatten().map(|presence| presence.user_id).collect();
    let hidden: Vec<_> = new.into_iter().filter(|id| !seen.contains(id)).collect();
    unwatch(hub, session, &hidden);
    let visible = visible?;
    if visible.is_empty() {
        return Err(Error::not_found("person among your friends and chats"));
    }
    said();
    remember(hub, &visible);
    for presence in &visible {
        announce(session, presence);
    }
    Ok(())
}

/// Tells a client no longer about these people.
pub fn unwatch(hub: &Hub, session: &Session, user_ids: &[Uuid]) {
    let mut registry = hub.registry();
    let watched = session.unwatch(user_ids);
    registry.unwatch(session, &watched);
}

/// Tells a client how somebody is.
pub fn announce(session: &Session, seen: &Presence) {
    session.tell(&Notice::Presence {
        user_id: seen.user_id,
        online: seen.online,
        last_online_at: seen.last_online_at,
    });
}

async fn visible(hub: &Hub, session: &Session, user_ids: &[Uuid]) -> Result<Vec<Presence>> {
    let me = vec![session.caller.user_id; user_ids.len()];
    store::list_visible(&hub.app().db().await?, &me, user_ids).await
}

/// What somebody is told who has just asked may be newer than what the others were told: they are told next.
fn remember(hub: &Hub, answers: &[Presence]) {
    let mut registry = hub.registry();
    for seen in answers {
        if let Some(watched) = registry.watched.get_mut(&seen.user_id)
            && *watched.online.get_or_insert(seen.online) != seen.online
        {
            hub.presences().changed.insert(seen.user_id);
            hub.wake().presences.notify_one();
        }
    }
}
