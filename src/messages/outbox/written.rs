//! Showing what was just committed here to those who would else read it back from the tables.

use std::sync::{Arc, OnceLock};

use uuid::Uuid;

use crate::messages::Message;

/// A message that this instance has committed by itself.
#[derive(Debug, Clone)]
pub struct Written {
    /// The message, as it was committed.
    pub message: Message,
    /// The entry that stands just before it in the log, in the snapshot of its own statement; `None` where it is the first.
    pub after_id: Option<Uuid>,
}

type Watch = Box<dyn Fn(Written) + Send + Sync>;

/// Whom it is shown to. A clone is cheap.
#[derive(Clone, Default)]
pub struct Watcher(Arc<OnceLock<Watch>>);

impl Watcher {
    /// Only the first counts.
    pub fn set(&self, watch: impl Fn(Written) + Send + Sync + 'static) {
        let _ = self.0.set(Box::new(watch));
    }

    /// Shows it, if there is anybody to show it to.
    pub fn show(&self, written: impl FnOnce() -> Written) {
        if let Some(watch) = self.0.get() {
            watch(written());
        }
    }
}
