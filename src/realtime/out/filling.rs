//! Which frames a client is to be told next: from the tails of the chats it follows, each in its turn.

use bytes::Bytes;
use uuid::Uuid;

use super::{Out, ROUND};
use crate::{
    chats::Position,
    realtime::{
        cursor::{Cursor, Reading},
        frames::{self, CloseCode, Notice},
    },
    telemetry::metrics::{frames_sent, names},
};

impl Out {
    /// Takes the next frames from the tails; says whether anything was queued.
    pub fn fill(&mut self) -> bool {
        if self.over {
            return false;
        }
        let mut taken = Vec::new();
        let mut forbidden = Vec::new();
        // Each has one turn: a chat with more to tell goes behind the others.
        for _ in 0..self.dirty.len() {
            if taken.len() >= ROUND {
                break;
            }
            let Some(chat_id) = self.dirty.pop_front() else { break };
            let Some(cursor) = self.cursors.get_mut(&chat_id) else { continue };
            cursor.is_dirty = false;
            match take(cursor, ROUND - taken.len(), &mut taken) {
                Taken::All => {}
                Taken::Some => _ = self.touch(chat_id),
                Taken::NothingMoreMay => forbidden.push(chat_id),
                Taken::LetGo => self.read_log(chat_id, Reading::Behind),
            }
        }
        let any = !taken.is_empty();
        if any {
            frames_sent().increment(taken.iter().map(|(_, count)| u64::from(*count)).sum());
        }
        for (frames, _) in taken {
            self.enqueue(frames);
        }
        if forbidden.is_empty() {
            return any;
        }
        if self.gateway {
            self.drop_chats(&forbidden);
        } else if any {
            // What was theirs is written first.
            forbidden.into_iter().for_each(|chat_id| _ = self.touch(chat_id));
        } else {
            self.queue_close(CloseCode::NotAllowed, "you are no longer in this chat");
        }
        true
    }

    /// Ends the places in these chats and says so.
    fn drop_chats(&mut self, chat_ids: &[Uuid]) {
        self.dropped.extend(chat_ids);
        for chat_id in chat_ids {
            self.cursors.remove(chat_id);
            self.told().mine.as_mut().map(|mine| mine.remove(chat_id));
            self.enqueue(frames::json(&Notice::ChatRemoved { chat_id: *chat_id }));
        }
    }
}

/// What became of a turn of a chat that may have something to tell.
enum Taken {
    /// Everything there is.
    All,
    /// There may be more.
    Some,
    /// The client may hear nothing more of it.
    NothingMoreMay,
    /// The tail has let go of what comes next.
    LetGo,
}

/// Takes up to `most` entries of one chat: their frames, and how many those are.
fn take(cursor: &mut Cursor, most: usize, taken: &mut Vec<(Bytes, u8)>) -> Taken {
    if cursor.state == Reading::Waiting {
        return Taken::All;
    }
    let until = cursor.until();
    if cursor.seen.seq >= until {
        return Taken::NothingMoreMay;
    }
    if cursor.state != Reading::Live {
        return Taken::All;
    }
    let bound = cursor.replay_end().map_or(until, |end| end.min(until));
    let Some((generation, entries)) = cursor.tail.after(cursor.seen, cursor.generation, bound, most) else {
        if cursor.generation == cursor.tail.generation() {
            metrics::counter!(names::SLOW_READERS).increment(1);
        }
        return Taken::LetGo;
    };
    cursor.generation = generation;
    let mut has_more = entries.len() == most || until != i64::MAX;
    if let Some(last) = entries.last() {
        cursor.seen = last.position();
    }
    taken.extend(entries.into_iter().map(|entry| (entry.frames, entry.count)));
    if cursor.replay_end().is_some_and(|end| cursor.seen.seq >= end) {
        let (chat_id, Position { seq, id }) = (cursor.tail.chat_id, cursor.seen);
        taken.push((frames::json(&Notice::CaughtUp { chat_id, seq, id }), 1));
        (cursor.owes_caught_up, has_more) = (false, true);
    }
    match has_more {
        true => Taken::Some,
        false => Taken::All,
    }
}
