//! How a client begins to follow a chat: follow, then ask where the log stands, then tell. The other order has a hole.

use std::{collections::HashMap, sync::Arc};

use uuid::Uuid;

use super::{
    Hub,
    frames::{ChatHead, HEARTBEAT_SECONDS, Notice},
    session::{Kind, Session},
};
use crate::{
    chats::{self, Position, access},
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
    let channel = hub.follow(chat_id, session);
    // Before the tables are asked: a log that is replaced after that is looked at again.
    let life = channel.life();
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
        None => session.start(chat_id, last, life),
        Some(after) if place.is_held => {
            session.start(chat_id, Position { id: place.after_id, ..after }, life);
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
    begin(hub, session, chat_id, resume, |head| welcome(session, &[head])).await
}

/// Welcomes a client to the gateway, and begins to follow all its chats where that is wanted.
pub async fn begin_gateway(hub: &Hub, session: &Arc<Session>) -> Result<()> {
    let user_id = session.caller.user_id;
    let heads = async || chats::store::heads_of(&hub.app().db().await?, user_id).await;
    let mut mine = heads().await?;
    let mut lives = HashMap::new();
    if session.kind == (Kind::Gateway { all: true }) {
        let channels: HashMap<Uuid, _> =
            mine.iter().map(|mine| (mine.chat_id, hub.follow(mine.chat_id, session))).collect();
        lives = channels.iter().map(|(chat_id, channel)| (*chat_id, channel.life())).collect();
        // Asked once more now that everything is followed: what was left meanwhile is given up, what was joined has rung.
        mine = heads().await?;
        for chat_id in channels.keys().filter(|chat_id| !mine.iter().any(|mine| mine.chat_id == **chat_id)) {
            end(hub, session, *chat_id);
        }
        mine.retain(|mine| channels.contains_key(&mine.chat_id));
        for head in &mine {
            session.admit(head.chat_id, head.last.seq);
            if let Some(channel) = channels.get(&head.chat_id) {
                hub.start_channel(channel, head.last);
            }
        }
    }
    let chats: Vec<_> = mine.iter().map(|head| ChatHead::from(*head)).collect();
    welcome(session, &chats);
    let early = session.begin(mine.iter().map(|head| head.chat_id));
    for head in mine {
        if let Some(life) = lives.get(&head.chat_id) {
            session.start(head.chat_id, head.last, *life);
        }
    }
    for chat_id in early {
        hub.add_chat(session, chat_id).await?;
    }
    Ok(())
}

fn welcome(session: &Session, chats: &[ChatHead]) {
    session.tell(&Notice::Welcome {
        user_id: session.caller.user_id,
        session_id: session.caller.session_id,
        heartbeat_seconds: HEARTBEAT_SECONDS,
        chats,
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
const LOOKS: usize = 3;

async fn enter(hub: &Hub, session: &Session, chat_id: Uuid, resume: Option<Position>) -> Result<Place> {
    let db = hub.app().db().await?;
    let mut looks = 0;
    loop {
        looks += 1;
        let access = access::enter(&db, chat_id, session.caller.user_id).await?;
        let after = resume.unwrap_or(Position::START);
        let ids = messages::store::ids_at(&db, chat_id, &[access.last_seq, after.seq]).await?;
        let id_at = |seq| ids.iter().find(|(at, _)| *at == seq).map(|(_, id)| *id);
        let last = Position { seq: access.last_seq, id: id_at(access.last_seq) };
        let is_empty = access.last_seq < access.first_seq;
        if last.id.is_none() && !is_empty && looks < LOOKS {
            continue;
        }
        let after_id = id_at(after.seq);
        let is_held = access.holds_after(after.seq) && (after.id.is_none() || after.id == after_id);
        return Ok(Place { last, oldest_seq: access.oldest_seq(), after_id, is_held });
    }
}
