//! How a client begins to follow a chat: follow, then ask where the log stands, then tell. The other order has a hole.

use std::{collections::HashMap, sync::Arc};

use uuid::Uuid;

use super::{
    Hub,
    frames::{ChatHead, HEARTBEAT_SECONDS, Notice},
    session::{Kind, Session},
};
use crate::{
    chats::{self, access, model::Head},
    error::Result,
};

/// Begins to follow one chat. `said` is called with the end of the log when it is known that the client may, and before
/// anything is told.
pub async fn begin(
    hub: &Hub,
    session: &Arc<Session>,
    chat_id: Uuid,
    after_seq: Option<i64>,
    said: impl FnOnce(i64),
) -> Result<()> {
    let channel = hub.follow(chat_id, session);
    let head = match enter(hub, session, chat_id).await {
        Ok(head) => head,
        Err(error) => {
            end(hub, session, chat_id);
            return Err(error);
        }
    };
    let last_seq = head.last_seq;
    session.admit(chat_id, last_seq);
    hub.start_channel(&channel, last_seq);
    said(last_seq);
    match after_seq {
        Some(after) if !head.holds_after(after) => session.reset(chat_id, head.oldest_seq(), last_seq),
        after => session.start(chat_id, after.unwrap_or(last_seq)),
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
    after_seq: Option<i64>,
) -> Result<()> {
    begin(hub, session, chat_id, after_seq, |last_seq| welcome(session, &[ChatHead { chat_id, last_seq }]))
        .await
}

/// Welcomes a client to the gateway, and begins to follow all its chats where that is wanted.
pub async fn begin_gateway(hub: &Hub, session: &Arc<Session>) -> Result<()> {
    let user_id = session.caller.user_id;
    let heads = async || chats::store::heads_of(&hub.app().db().await?, user_id).await;
    let mut mine = heads().await?;
    if session.kind == (Kind::Gateway { all: true }) {
        let channels: HashMap<Uuid, _> =
            mine.iter().map(|(chat_id, _)| (*chat_id, hub.follow(*chat_id, session))).collect();
        // Asked once more now that everything is followed: what was left meanwhile is given up, what was joined has rung.
        mine = heads().await?;
        for chat_id in channels.keys().filter(|chat_id| !mine.iter().any(|(mine, _)| mine == *chat_id)) {
            end(hub, session, *chat_id);
        }
        mine.retain(|(chat_id, _)| channels.contains_key(chat_id));
        for (chat_id, last_seq) in &mine {
            session.admit(*chat_id, *last_seq);
            if let Some(channel) = channels.get(chat_id) {
                hub.start_channel(channel, *last_seq);
            }
        }
    }
    let chats: Vec<_> =
        mine.iter().map(|(chat_id, last_seq)| ChatHead { chat_id: *chat_id, last_seq: *last_seq }).collect();
    welcome(session, &chats);
    let early = session.begin(mine.iter().map(|(chat_id, _)| *chat_id));
    for (chat_id, last_seq) in mine {
        session.start(chat_id, last_seq);
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

async fn enter(hub: &Hub, session: &Session, chat_id: Uuid) -> Result<Head> {
    Ok(access::enter(&hub.app().db().await?, chat_id, session.caller.user_id).await?.head(chat_id))
}
