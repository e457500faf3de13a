//! A chat that somebody here follows: the tail of its log, and who follows it.

use std::{
    collections::HashMap,
    ops::Deref,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use uuid::Uuid;

use super::{session::Session, tail::Tail};

/// A followed chat.
pub struct Channel {
    /// Shared with the cursors of its followers.
    pub tail: Arc<Tail>,
    followers: Mutex<HashMap<u64, Arc<Session>>>,
}

impl Channel {
    /// A channel nobody follows yet.
    pub fn new(chat_id: Uuid) -> Self {
        Self { tail: Arc::new(Tail::new(chat_id)), followers: Mutex::default() }
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<u64, Arc<Session>>> {
        self.followers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a follower; says whether it did not follow before.
    pub fn follow(&self, session: &Arc<Session>) -> bool {
        self.locked().insert(session.number, Arc::clone(session)).is_none()
    }

    /// Removes a follower; says whether it did follow.
    pub fn unfollow(&self, number: u64) -> bool {
        self.locked().remove(&number).is_some()
    }

    /// Whether nobody follows.
    pub fn is_empty(&self) -> bool {
        self.locked().is_empty()
    }

    /// Everyone who follows.
    pub fn followers(&self) -> Vec<Arc<Session>> {
        self.locked().values().cloned().collect()
    }
}

impl Deref for Channel {
    type Target = Tail;

    fn deref(&self) -> &Tail {
        &self.tail
    }
}
