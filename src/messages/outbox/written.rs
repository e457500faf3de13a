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

/// Who is shown what is committed here, without waiting for anything.
pub trait Watch: Send + Sync {
    /// A message to this chat is being committed: its notification may come sooner than it can be shown.
    fn expect(&self, chat_id: Uuid);
    /// It was committed.
    fn show(&self, written: Written);
    /// It was shown, or it will not be. Told once for each that was to be expected.
    fn give_up(&self, chat_id: Uuid);
}

/// Whom it is shown to, if there is anybody. A clone is cheap.
#[derive(Clone, Default)]
pub struct Watcher(Arc<OnceLock<Box<dyn Watch>>>);

impl Watcher {
    /// Only the first counts.
    pub fn set(&self, watch: impl Watch + 'static) {
        let _ = self.0.set(Box::new(watch));
    }

    /// A message to this chat is being committed, until what is answered is dropped.
    pub fn expect(&self, chat_id: Uuid) -> Expected<'_> {
        let watch = self.0.get().map(AsRef::as_ref);
        if let Some(watch) = watch {
            watch.expect(chat_id);
        }
        Expected { watch, chat_id }
    }
}

/// A message that is being committed.
pub struct Expected<'a> {
    watch: Option<&'a dyn Watch>,
    chat_id: Uuid,
}

impl Expected<'_> {
    /// Shows it.
    pub fn show(self, written: impl FnOnce() -> Written) {
        if let Some(watch) = self.watch {
            watch.show(written());
        }
    }
}

impl Drop for Expected<'_> {
    fn drop(&mut self) {
        if let Some(watch) = self.watch {
            watch.give_up(self.chat_id);
        }
    }
}
