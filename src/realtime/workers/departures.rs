//! Sessions and chats that are over, as the tables say.

use std::collections::HashSet;

use uuid::Uuid;

use crate::realtime::{
    frames::{CloseCode, Notice},
    hub::Hub,
    session::Kind,
};

/// Closes the sockets of these sessions and API tokens.
pub(super) fn end_sessions(hub: &Hub, ended: &[Uuid]) {
    if ended.is_empty() {
        return;
    }
    let ended: HashSet<_> = ended.iter().collect();
    for session in hub.sessions() {
        if ended.contains(&session.caller.session_id) {
            session.close(CloseCode::SessionOver, "this session has ended");
        }
    }
}

/// Tells the followers of these chats that they are gone.
pub(super) fn end_chats(hub: &Hub, deleted: &[Uuid]) {
    for chat_id in deleted {
        let followers = {
            let mut registry = hub.registry();
            let followers = registry.channels.get(chat_id).map(|channel| channel.followers());
            let followers = followers.unwrap_or_default();
            followers.iter().for_each(|session| registry.unfollow(*chat_id, session.number));
            followers
        };
        for session in followers {
            session.forget(*chat_id);
            session.tell(&Notice::ChatDeleted { chat_id: *chat_id });
            match session.kind {
                Kind::Chat => session.close_after_queue(CloseCode::ChatDeleted, "this chat was deleted"),
                Kind::Gateway { .. } => _ = session.unfollow(*chat_id),
            }
        }
    }
}
