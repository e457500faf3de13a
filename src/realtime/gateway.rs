//! The gateway: one client, any number of chats. It is told which chats its user is in, once each, and of each coming and
//! going; where it follows everything, it follows what comes, too.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use tokio::task::yield_now;
use uuid::Uuid;

use super::{
    frames::{ChatHead, Notice},
    hub::Hub,
    session::{Kind, Session},
    subscription,
};
use crate::{chats, error::Result, notifications};

/// How many chats are begun with in one go; others want the core, too.
const AT_ONCE: usize = 256;

/// Welcomes a client, and begins to follow all its chats where that is wanted. It is told the notifications after the number it
/// names, or after those there are.
pub async fn begin(hub: &Hub, session: &Arc<Session>, after_notification: Option<i64>) -> Result<()> {
    let user_id = session.caller.user_id;
    let heads = async || chats::store::heads_of(&hub.app().db().await?, user_id).await;
    let mut mine = heads().await?;
    let mut generations = HashMap::new();
    if session.kind == (Kind::Gateway { all: true }) {
        let mut channels = HashMap::with_capacity(mine.len());
        for some in mine.chunks(AT_ONCE) {
            for head in some {
                let channel = hub.follow(head.chat_id, session)?;
                generations.insert(head.chat_id, channel.generation());
                channels.insert(head.chat_id, channel);
            }
            yield_now().await;
        }
        // Asked once more now that everything is followed: what was left meanwhile is given up, what was joined was announced.
        mine = heads().await?;
        let still: HashSet<_> = mine.iter().map(|mine| mine.chat_id).collect();
        for chat_id in channels.keys().filter(|chat_id| !still.contains(chat_id)) {
            subscription::end(hub, session, *chat_id);
        }
        mine.retain(|mine| channels.contains_key(&mine.chat_id));
        for some in mine.chunks(AT_ONCE) {
            for head in some {
                session.admit(head.chat_id, head.last.seq);
                if let Some(channel) = channels.get(&head.chat_id) {
                    hub.start_channel(channel, head.last);
                }
            }
            yield_now().await;
        }
    }
    let chats: Vec<_> = mine.iter().map(|head| ChatHead::from(*head)).collect();
    let last_notification = notifications::store::find_last_seq(&hub.app().db().await?, user_id).await?;
    subscription::welcome(session, &chats, Some(last_notification));
    match after_notification {
        // What was asked for is not there: a restored backup, or another server.
        Some(after) if after > last_notification => session.reset_notifications(last_notification),
        after => session.begin_notifications(after.unwrap_or(last_notification)),
    }
    hub.note_notified(std::iter::once(user_id));
    let early = session.begin(mine.iter().map(|head| head.chat_id));
    for some in mine.chunks(AT_ONCE) {
        for head in some {
            if let Some(generation) = generations.get(&head.chat_id) {
                session.start(head.chat_id, head.last, *generation);
            }
        }
        yield_now().await;
    }
    for chat_id in early {
        add_chat(hub, session, chat_id).await?;
    }
    Ok(())
}

/// Tells a client that its user came into a chat, if that is news; and follows it, if it follows everything.
pub async fn add_chat(hub: &Hub, session: &Arc<Session>, chat_id: Uuid) -> Result<()> {
    if !session.comes_into(chat_id) {
        return Ok(());
    }
    let added = tell_and_follow(hub, session, chat_id).await;
    if added.is_err() {
        // It is told when it is next looked for.
        session.forget(chat_id);
    }
    added
}

async fn tell_and_follow(hub: &Hub, session: &Arc<Session>, chat_id: Uuid) -> Result<()> {
    let chat = chats::service::get(hub.app(), session.caller, chat_id).await?;
    let is_told = session.tell_of(chat_id, &Notice::ChatAdded { chat: &chat });
    if is_told && session.kind == (Kind::Gateway { all: true }) && !session.follows(chat_id) {
        let begun = subscription::begin(hub, session, chat_id, None, |_| {}).await;
        if begun.is_err() {
            // They are out again, or it cannot be known: it is told when it is next looked for.
            session.tell(&Notice::ChatRemoved { chat_id });
        }
        begun?;
    }
    Ok(())
}

/// A client was put out of a chat by an entry of its log. Its user may have come back meanwhile, when it was still told to
/// be in: that is told now.
pub async fn recheck(hub: &Hub, session: &Arc<Session>, chat_id: Uuid) -> Result<()> {
    let user_id = session.caller.user_id;
    let members = chats::store::list_among(&hub.app().db().await?, chat_id, &[user_id]).await?;
    if !members.is_empty() && session.kind != Kind::Chat {
        add_chat(hub, session, chat_id).await?;
    }
    Ok(())
}
