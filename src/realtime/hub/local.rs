//! What this instance commits by itself: it need not be read back to be told.

use uuid::Uuid;

use super::Hub;
use crate::{
    chats::Position,
    messages::{LogEntry, Watch, Written},
    realtime::{
        frames,
        tail::{Entry, LocalEntry},
    },
};

impl Watch for Hub {
    fn expect(&self, chat_id: Uuid) {
        if let Some(channel) = self.channel(chat_id) {
            channel.expect();
        }
    }

    /// Nothing is told before the notification of it has come, in its place among the others; but then it need not be read.
    fn show(&self, written: Written) {
        let Some(channel) = self.channel(written.message.chat_id) else { return };
        let after = Position { seq: written.message.seq - 1, id: written.after_id };
        let entry = LogEntry::new_message(written.message);
        let frame = frames::json(&entry);
        let (at, read) =
            (entry.created_at, entry.actor_id.map(|sender| frames::read(entry.chat_id, sender, entry.seq)));
        channel.push_local(LocalEntry { after, entry: Entry::new(entry.seq, entry.id, frame, read), at });
    }

    fn give_up(&self, chat_id: Uuid) {
        // Who waits for it has left the chat among those that were announced.
        if self.channel(chat_id).is_some_and(|channel| channel.give_up()) {
            self.wake().pending.notify_one();
        }
    }
}
