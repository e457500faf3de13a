//! Whose presence on this instance has changed since it was last written to the tables.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;
use uuid::Uuid;

/// Whose presence has changed since it was last written.
pub struct Register {
    /// Which instance this is.
    pub id: Uuid,
    changed: Mutex<HashSet<Uuid>>,
    /// Notified when there is something to write.
    pub waiting: Notify,
}

impl Register {
    /// An instance nobody knows yet.
    pub fn new() -> Self {
        Self { id: Uuid::now_v7(), changed: Mutex::default(), waiting: Notify::new() }
    }

    /// Whose.
    pub fn changed(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Someone's first socket came, or their last went.
    pub fn note(&self, user_id: Uuid) {
        self.changed().insert(user_id);
        self.waiting.notify_one();
    }
}
