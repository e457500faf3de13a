//! How a client begins to follow a chat: follow, then ask where the log stands, then tell. The other order has a hole.

use std::sync::Arc;

use uuid::Uuid;

use super::{
    frames::{ChatHead, HEARTBEAT_SECONDS, Notice},
    hub::Hub,
    session::Session,
};
use crate::{
    chats::{Place, Position},
    error::Result,
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
    let after = resume.unwrap_or(Position::START);
    let place = match hub.place(chat_id, session.caller.user_id, after.seq).await {
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
        Some(after) if is_held(&place, after) => {
            session.start(chat_id, Position { id: place.known_id, ..after }, generation);
        }
        Some(_) => session.reset(chat_id, place.access.oldest_seq(), last),
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

/// Whether what a client asks for is all there, and follows what it has.
fn is_held(place: &Place, after: Position) -> bool {
    place.access.holds_after(after.seq) && (after.id.is_none() || after.id == place.known_id)
}
