//! Who wants to know who is online.

use std::{collections::HashSet, sync::Arc};

use uuid::Uuid;

use super::{hub::Hub, session::Session};
use crate::{
    error::{Error, Result},
    presences::store,
};

/// Tells a client whether these people are online, now and whenever it changes: those it may know of. Fails when that
/// is none of them, and where its person watches as many as they may.
pub async fn watch(hub: &Hub, session: &Arc<Session>, user_ids: &[Uuid]) -> Result<()> {
    let me = vec![session.caller.user_id; user_ids.len()];
    let visible = store::list_visible(&hub.app().db().await?, &me, user_ids).await?;
    let visible: Vec<_> = visible.into_iter().map(|presence| presence.user_id).collect();
    if visible.is_empty() {
        return Err(Error::not_found("person among your friends and chats"));
    }
    hub.places().watch(session, &visible)?;
    let mut presences = hub.presences();
    let asked = presences.asked.entry(session.number);
    asked.or_insert_with(|| (Arc::clone(session), HashSet::new())).1.extend(visible);
    hub.wake().presences.notify_one();
    Ok(())
}

/// Tells a client no longer about these people.
pub fn unwatch(hub: &Hub, session: &Session, user_ids: &[Uuid]) {
    let mut places = hub.places();
    let watched = session.unwatch(user_ids);
    places.unwatch(session, &watched);
}
