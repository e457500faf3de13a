//! Ephemeral events on their way to those who follow the chat they are about.

use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    ephemeral::EphemeralEvent,
    realtime::{
        frames::{self, Notice},
        hub::Hub,
        session::Session,
    },
};

/// Up to where the notifications that came before these events tell that the logs go.
pub(super) fn ends_of(hub: &Hub, events: &[EphemeralEvent]) -> HashMap<Uuid, i64> {
    let registry = hub.registry();
    let chats = events.iter().map(EphemeralEvent::chat_id);
    chats.filter_map(|chat_id| Some((chat_id, registry.channels.get(&chat_id)?.announced()))).collect()
}

/// Passes events to the followers of their chats; where the log has not been read as far as the notifications before
/// the events told, someone may have been put out, and the events are forgotten.
pub(super) fn deliver(hub: &Hub, events: &[EphemeralEvent], told: &HashMap<Uuid, i64>) {
    let mut ready: HashMap<u64, Arc<Session>> = HashMap::new();
    for event in events {
        let chat_id = event.chat_id();
        let Some(channel) = hub.registry().channels.get(&chat_id).cloned() else { continue };
        if told.get(&chat_id).is_none_or(|end| channel.head().is_none_or(|head| head.seq < *end)) {
            continue;
        }
        let Some((frame, concerns)) = open(event) else { continue };
        let concerned = match concerns {
            // Their few sockets, and not everyone who follows.
            Concerns::Only(user_id) => hub.sessions_of(user_id),
            _ => channel.followers(),
        };
        for session in concerned.into_iter().filter(|session| concerns.includes(session.caller.user_id)) {
            if session.send_ephemeral(chat_id, frame.clone()) {
                ready.insert(session.number, session);
            }
        }
    }
    for session in ready.values() {
        session.flush();
    }
}

/// Whom an event concerns.
enum Concerns {
    All,
    AllBut(Uuid),
    Only(Uuid),
}

impl Concerns {
    fn includes(&self, user_id: Uuid) -> bool {
        match self {
            Self::All => true,
            Self::AllBut(other) => user_id != *other,
            Self::Only(one) => user_id == *one,
        }
    }
}

/// The frame of an event, and for whom it is.
fn open(event: &EphemeralEvent) -> Option<(Bytes, Concerns)> {
    Some(match event {
        EphemeralEvent::Typing(chat_id, user_id) => {
            let notice = Notice::Typing { chat_id: *chat_id, user_id: *user_id };
            (frames::json(&notice), Concerns::AllBut(*user_id))
        }
        EphemeralEvent::Read(chat_id, user_id, last_read_seq) => {
            // Their other devices want to know, too.
            (frames::read(*chat_id, *user_id, *last_read_seq), Concerns::All)
        }
        EphemeralEvent::CallSignal(chat_id, from, to, data) => {
            let data: Value = serde_json::from_str(data).ok()?;
            (frames::json(&Notice::CallSignal { chat_id: *chat_id, from: *from, data }), Concerns::Only(*to))
        }
    })
}
