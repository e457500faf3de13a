//! What waits to be written to one client.

use std::{
    collections::{HashSet, VecDeque},
    io::IoSlice,
};

use bytes::Bytes;
use uuid::Uuid;

use super::{
    cursor::{Cursor, Reading},
    frames::{self, CloseCode, Notice},
};
use crate::{chats::Position, telemetry::metrics::names};

/// The most frames taken from the rings at once: one write's worth.
pub const ROUND: usize = 64;

/// The queue of a client, and its places in the chats it follows.
#[derive(Default)]
pub struct Out {
    /// What is to be written, in order.
    pub queue: VecDeque<Bytes>,
    /// How much that is.
    pub queued_bytes: usize,
    /// How much of the first frame is written.
    written: usize,
    /// The socket takes nothing right now.
    pub blocked: bool,
    /// The chats.
    pub cursors: Vec<Cursor>,
    /// Chats the client was put out of while it follows others, until the hub knows.
    pub dropped: Vec<Uuid>,
    /// The chats its user is in, as it was told; `None` until it is welcomed.
    pub mine: Option<HashSet<Uuid>>,
    /// Chats its user came into that are being looked up, to be told of.
    pub coming: Vec<Uuid>,
    /// Chats that were joined before it was welcomed.
    pub early: Vec<Uuid>,
    /// The people whose coming and going it wants to know of.
    pub watched: Vec<Uuid>,
    /// It follows any number of chats, and being put out of one is not the end.
    pub gateway: bool,
    /// The close frame is queued, or the connection broke: nothing more is told.
    pub over: bool,
    /// Nothing can be written any more.
    pub broken: bool,
}

impl Out {
    /// Nothing to write yet.
    pub fn new(gateway: bool) -> Self {
        Self { gateway, ..Self::default() }
    }

    /// The place in a chat.
    pub fn cursor(&mut self, chat_id: Uuid) -> Option<&mut Cursor> {
        self.cursors.iter_mut().find(|cursor| cursor.chat_id() == chat_id)
    }

    /// Queues a finished frame; nothing after a good-bye.
    pub fn enqueue(&mut self, frame: Bytes) {
        if self.over {
            return;
        }
        self.queued_bytes += frame.len();
        self.queue.push_back(frame);
    }

    /// Goes on from the end of a log, and says that what came before it is to be loaded anew.
    pub fn reset(&mut self, chat_id: Uuid, oldest_seq: i64, last: Position) {
        if let Some(cursor) = self.cursor(chat_id) {
            cursor.restart(last);
            self.enqueue(frames::json(&Notice::Reset { chat_id, oldest_seq, last_seq: last.seq }));
        }
    }

    /// Drops what waits, but for a frame that is half written, and queues the close frame.
    pub fn finish(&mut self, code: CloseCode, reason: &str) {
        self.queue.truncate(usize::from(self.written > 0));
        self.queued_bytes = self.queue.iter().map(Bytes::len).sum();
        self.enqueue(frames::close(code, reason));
        self.over = true;
    }

    /// Takes the next frames from the rings; says whether anything was queued.
    pub fn fill(&mut self) -> bool {
        if self.over {
            return false;
        }
        let mut taken = Vec::new();
        let mut forbidden = Vec::new();
        for cursor in
            self.cursors.iter_mut().filter(|cursor| cursor.dirty && cursor.state != Reading::Waiting)
        {
            let until = cursor.until();
            if cursor.seen.seq >= until {
                forbidden.push(cursor.chat_id());
                continue;
            }
            if cursor.state != Reading::Live {
                cursor.dirty = false;
                continue;
            }
            let bound = cursor.replay_end().map_or(until, |end| end.min(until));
            match cursor.channel.after(cursor.seen, cursor.life, bound, ROUND - taken.len()) {
                Some((life, entries)) => {
                    cursor.life = life;
                    cursor.dirty = entries.len() == ROUND - taken.len() || until != i64::MAX;
                    if let Some(last) = entries.last() {
                        cursor.seen = last.position();
                    }
                    taken.extend(entries.into_iter().map(|entry| entry.frame));
                    if cursor.replay_end().is_some_and(|end| cursor.seen.seq >= end) {
                        let (chat_id, Position { seq, id }) = (cursor.chat_id(), cursor.seen);
                        taken.push(frames::json(&Notice::CaughtUp { chat_id, seq, id }));
                        (cursor.owes_caught_up, cursor.dirty) = (false, true);
                    }
                }
                None => {
                    if cursor.life == cursor.channel.life() {
                        metrics::counter!(names::SLOW_READERS).increment(1);
                    }
                    cursor.state = Reading::Behind;
                    cursor.dirty = false;
                }
            }
            if taken.len() >= ROUND {
                break;
            }
        }
        metrics::counter!(names::FRAMES_SENT).increment(taken.len() as u64);
        let any = !taken.is_empty();
        for frame in taken {
            self.enqueue(frame);
        }
        if forbidden.is_empty() {
            return any;
        }
        if self.gateway {
            self.drop_chats(&forbidden);
        } else if !any {
            self.enqueue(frames::close(CloseCode::NotAllowed, "you are no longer in this chat"));
            self.over = true;
        }
        true
    }

    /// Ends the places in these chats and says so.
    fn drop_chats(&mut self, chat_ids: &[Uuid]) {
        self.cursors.retain(|cursor| !chat_ids.contains(&cursor.chat_id()));
        self.dropped.extend(chat_ids);
        for chat_id in chat_ids {
            self.mine.as_mut().map(|mine| mine.remove(chat_id));
            self.enqueue(frames::json(&Notice::ChatRemoved { chat_id: *chat_id }));
        }
    }

    /// What is to be written next; how many slices that is.
    pub fn slices<'a>(&'a self, slices: &mut [IoSlice<'a>; ROUND]) -> usize {
        let mut count = 0;
        for (slice, frame) in slices.iter_mut().zip(&self.queue) {
            *slice = IoSlice::new(if count == 0 { &frame[self.written..] } else { frame });
            count += 1;
        }
        count
    }

    /// Notes how many bytes the socket took.
    pub fn wrote(&mut self, mut bytes: usize) {
        while let Some(frame) = self.queue.front() {
            let rest = frame.len() - self.written;
            if bytes < rest {
                self.written += bytes;
                return;
            }
            bytes -= rest;
            self.written = 0;
            self.queued_bytes -= frame.len();
            self.queue.pop_front();
        }
    }
}
