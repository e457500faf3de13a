//! How a client begins to follow a chat: follow, then ask where the log stands, then tell. The other order has a hole.

use std::sync::Arc;

use uuid::Uuid;

use super::{
    frames::{ChatHead, HEARTBEAT_SECONDS, Notice},
    hub::Hub,
    session::Session,
};
use crate::{
    chats::{Position, access},
    error::Result,
    messages,
    validate::Checks,
};

/// Where a client goes on: after this entry, if it names one. An id alone tells of no place.
pub fn resume(seq: Option<i64>, id: Option<Uuid>) -> Result<Option<Position>> {
    Checks::new()
        .that(seq.is_none_or(|seq| seq >= 0), "after_seq", "must be a whole number from 0")
        .that(id.is_none() || seq.is_some(), "after_seq", "is required beside after_id")
        .done()?;
    Ok(seq.map(|seq| Position { seq, id }))
}

/// Begins to follow one chat. `said` is called with the end of the log when it is known that the client may, and before
/// anything is told.
pub async fn begin(
    hub: &Hub,
    session: &Arc<Session>,
    chat_id: Uuid,
    resume: Option<Position>,
    said: impl FnOnce(ChatHead),
) -> Result<()> {
    let channel = hub.follow(chat_id, session)?;
    // Before the tables are asked: a log that is replaced after that is looked at again.
    let generation = channel.generation();
    let place = match enter(hub, session, chat_id, resume).await {
        Ok(place) => place,
        Err(error) => {
            end(hub, session, chat_id);
            return Err(error);
        }
    };
    let last = place.last;
    session.admit(chat_id, last.seq);
    hub.start_channel(&channel, last);
    said(ChatHead { chat_id, last_seq: last.seq, last_id: last.id });
    match resume {
        None => session.start(chat_id, last, generation),
        Some(after) if place.is_held => {
            session.start(chat_id, Position { id: place.after_id, ..after }, generation);
        }
        Some(_) => session.reset(chat_id, place.oldest_seq, last),
    }
    Ok(())
}

/// Follows a chat no longer; says whether it did.
pub fn end(hub: &Hub, session: &Session, chat_id: Uuid) -> bool {
    let followed = session.unfollow(chat_id);
    hub.unfollow(chat_id, session);
    followed
}

/// Welcomes a client to one chat, and begins to follow it.
pub async fn begin_chat(
    hub: &Hub,
    session: &Arc<Session>,
    chat_id: Uuid,
    resume: Option<Position>,
) -> Result<()> {
    begin(hub, session, chat_id, resume, |head| welcome(session, &[head], None)).await
}

/// Says what a client begins with.
pub fn welcome(session: &Session, chats: &[ChatHead], last_notification: Option<i64>) {
    session.tell(&Notice::Welcome {
        user_id: session.caller.user_id,
        session_id: session.caller.session_id,
        heartbeat_seconds: HEARTBEAT_SECONDS,
        chats,
        last_notification,
    });
}

/// Where a client that was let in begins.
struct Place {
    last: Position,
    oldest_seq: i64,
    /// Which entry stands where it wants to go on.
    after_id: Option<Uuid>,
    /// What it asks for is all there, and follows what it has.
    is_held: bool,
}

/// How often the end of a log is asked for that is cut off while it is looked at.
const ATTEMPTS: usize = 3;

async fn enter(hub: &Hub, session: &Session, chat_id: Uuid, resume: Option<Position>) -> Result<Place> {
    let db = hub.app().db().await?;
    let mut attempts = 0;
    loop {
        attempts += 1;
        let access = access::enter(&db, chat_id, session.caller.user_id).await?;
        let after = resume.unwrap_or(Position::START);
        let ids = messages::store::ids_at(&db, chat_id, &[access.last_seq, after.seq]).await?;
        let id_at = |seq| ids.iter().find(|(at, _)| *at == seq).map(|(_, id)| *id);
        let last = Position { seq: access.last_seq, id: id_at(access.last_seq) };
        let is_empty = access.last_seq < access.first_seq;
        if last.id.is_none() && !is_empty && attempts < ATTEMPTS {
            continue;
        }
        let after_id = id_at(after.seq);
        let is_held = access.holds_after(after.seq) && (after.id.is_none() || after.id == after_id);
        return Ok(Place { last, oldest_seq: access.oldest_seq(), after_id, is_held });
    }
}
