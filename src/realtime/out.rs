//! What waits to be written to one client, and its places in the chats it follows.
//!
//! Places are found by key. Those that may have something to tell, and those that read the log, wait in queues of their own,
//! so that what is done costs what there is to do, however many chats are followed.

mod filling;

use std::{
    collections::{HashMap, HashSet, VecDeque},
    io::{self, ErrorKind, IoSlice},
};

use bytes::Bytes;
use uuid::Uuid;

use super::{
    cursor::{Cursor, Reading},
    frames::{self, CloseCode, Notice},
    packets,
    transport::{POLL_BYTES, POLL_PACKETS, Transport},
};
use crate::chats::Position;

/// The most frames taken from the tails at once: one write's worth.
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
    /// Where it is written to.
    pub transport: Transport,
    /// The client speaks Socket.IO: what is queued are its packets.
    socket_io: bool,
    /// The socket takes nothing right now.
    pub blocked: bool,
    /// Boxed: a table has room for three at least, and for twice as many as there are.
    cursors: HashMap<Uuid, Box<Cursor>>,
    /// The chats that may have something to tell.
    dirty: VecDeque<Uuid>,
    /// The chats that read the log.
    reading: VecDeque<Uuid>,
    /// Chats the client was put out of while it follows others, until the hub knows.
    pub dropped: Vec<Uuid>,
    /// What else it was told, where it is of the gateway: an idle socket of one chat has no room for it.
    pub told: Option<Box<Told>>,
    /// It follows any number of chats, and being put out of one is not the end.
    pub gateway: bool,
    /// The close frame is queued, or the connection broke: nothing more is told.
    pub over: bool,
    /// Nothing can be written any more.
    pub broken: bool,
}

/// What a client of the gateway was told of chats and people, and wants to be told.
#[derive(Default)]
pub struct Told {
    /// The chats its user is in; `None` until it is welcomed.
    pub mine: Option<HashSet<Uuid>>,
    /// Chats its user came into that are being looked up, to be told of.
    pub coming: HashSet<Uuid>,
    /// Chats that were joined before it was welcomed.
    pub early: HashSet<Uuid>,
    /// The people whose coming and going it wants to know of.
    pub watched: HashSet<Uuid>,
}

impl Out {
    /// Nothing to write yet.
    pub fn new(gateway: bool, transport: Transport, socket_io: bool) -> Self {
        let blocked = transport.is_away();
        Self { gateway, transport, socket_io, blocked, ..Self::default() }
    }

    /// What it was told of chats and people.
    pub fn told(&mut self) -> &mut Told {
        self.told.get_or_insert_default()
    }

    /// The place in a chat.
    pub fn cursor(&mut self, chat_id: Uuid) -> Option<&mut Cursor> {
        self.cursors.get_mut(&chat_id).map(Box::as_mut)
    }

    /// Whether there is a place in a chat.
    pub fn follows(&self, chat_id: Uuid) -> bool {
        self.cursors.contains_key(&chat_id)
    }

    /// The chats with a place.
    pub fn chats(&self) -> Vec<Uuid> {
        self.cursors.keys().copied().collect()
    }

    /// Takes a place; one that was there before is gone.
    pub fn place(&mut self, cursor: Cursor) {
        self.cursors.insert(cursor.tail.chat_id, Box::new(cursor));
    }

    /// Gives up a place; says whether there was one.
    pub fn give_up(&mut self, chat_id: Uuid) -> bool {
        self.cursors.remove(&chat_id).is_some()
    }

    /// Gives up every place.
    pub fn give_up_all(&mut self) {
        self.cursors = HashMap::new();
        (self.dirty, self.reading) = (VecDeque::new(), VecDeque::new());
    }

    /// A chat may have something to tell; says whether it is followed.
    pub fn touch(&mut self, chat_id: Uuid) -> bool {
        let Some(cursor) = self.cursors.get_mut(&chat_id) else { return false };
        if !std::mem::replace(&mut cursor.is_dirty, true) {
            self.dirty.push_back(chat_id);
        }
        true
    }

    /// A chat is read from the log from now on.
    pub fn read_log(&mut self, chat_id: Uuid, state: Reading) {
        let Some(cursor) = self.cursors.get_mut(&chat_id) else { return };
        cursor.state = state;
        if !std::mem::replace(&mut cursor.is_reading, true) {
            self.reading.push_back(chat_id);
        }
    }

    /// The next chat to be read from the log, and after which entry. It stays the next one until it is live, or
    /// [`Out::read_others`] is called.
    pub fn next_to_read(&mut self) -> Option<(Uuid, Position)> {
        while let Some(chat_id) = self.reading.front() {
            match self.cursors.get_mut(chat_id) {
                Some(cursor) if cursor.reads_the_log() && cursor.is_reading => {
                    return Some((*chat_id, cursor.seen));
                }
                Some(cursor) => cursor.is_reading = false,
                None => {}
            }
            self.reading.pop_front();
        }
        None
    }

    /// The other chats that read the log have their turn.
    pub fn read_others(&mut self) {
        if self.reading.len() > 1 {
            self.reading.rotate_left(1);
        }
    }

    /// Queues a finished frame, or several in one piece; nothing after a close frame.
    pub fn enqueue(&mut self, frames: Bytes) {
        if self.over {
            return;
        }
        if self.socket_io {
            return frames::each(frames)
                .for_each(|frame| packets::events(frame, |frame| self.enqueue_as_is(frame)));
        }
        self.enqueue_as_is(frames);
    }

    fn enqueue_as_is(&mut self, frame: Bytes) {
        self.queued_bytes += frame.len();
        self.queue.push_back(frame);
    }

    /// Queues the close frame; nothing comes after it.
    pub fn queue_close(&mut self, code: CloseCode, reason: &str) {
        code.count();
        if self.socket_io {
            packets::close_packets(code, reason).into_iter().for_each(|frame| self.enqueue(frame));
        }
        self.enqueue(frames::close(code, reason));
        self.over = true;
    }

    /// Goes on from the end of a log, and says that what came before it is to be loaded anew.
    pub fn reset(&mut self, chat_id: Uuid, oldest_seq: i64, last: Position) {
        if let Some(cursor) = self.cursors.get_mut(&chat_id) {
            cursor.restart(last);
            self.read_log(chat_id, Reading::Resuming);
            self.enqueue(frames::json(&Notice::Reset { chat_id, oldest_seq, last_seq: last.seq }));
        }
    }

    /// Drops what waits, but for a frame that is half written, and queues the close frame.
    pub fn finish(&mut self, code: CloseCode, reason: &str) {
        self.queue.truncate(usize::from(self.written > 0));
        if let Some(begun) = self.queue.front_mut() {
            // Of several frames in one piece, those that have begun.
            let mut ends = frames::each(begun.clone()).scan(0, |end, frame| {
                *end += frame.len();
                Some(*end)
            });
            let end = ends.find(|end| *end >= self.written).unwrap_or(self.written);
            begun.truncate(end);
            if end == self.written {
                (self.queue, self.written) = (VecDeque::new(), 0);
            }
        }
        self.queued_bytes = self.queue.iter().map(Bytes::len).sum();
        self.queue_close(code, reason);
    }

    /// Writes some of what waits; `WouldBlock` when nothing is taken right now.
    pub fn write_some(&mut self) -> io::Result<()> {
        if let Transport::Socket(socket) = &self.transport {
            let bytes = match self.queue.len() {
                // As a rule there is one.
                1 => socket.try_write(&self.queue[0][self.written..])?,
                _ => {
                    let mut slices = [IoSlice::new(&[]); ROUND];
                    let count = self.slices(&mut slices);
                    socket.try_write_vectored(&slices[..count])?
                }
            };
            self.wrote(bytes);
            return Ok(());
        }
        let Transport::Poll(poll) = std::mem::take(&mut self.transport) else {
            return Err(ErrorKind::WouldBlock.into());
        };
        // Whole frames: a poll takes what it is given.
        let (mut taken, mut bytes) = (Vec::new(), 0);
        while bytes < POLL_BYTES
            && taken.len() < POLL_PACKETS
            // The stock client acts on the end at once, and reads what came before it a moment later: so that comes with the next.
            && (taken.is_empty() || self.queue.front().is_none_or(|frame| frames::open(frame).0 != frames::CLOSE))
            && let Some(frame) = self.queue.pop_front()
        {
            bytes += frame.len();
            taken.push(frame);
        }
        self.queued_bytes -= bytes;
        if let Err(taken) = poll.send(taken) {
            // It hung up meanwhile: the next poll takes them.
            self.queued_bytes += bytes;
            taken.into_iter().rev().for_each(|frame| self.queue.push_front(frame));
            return Err(ErrorKind::WouldBlock.into());
        }
        Ok(())
    }

    /// What is to be written next; how many slices that is.
    fn slices<'a>(&'a self, slices: &mut [IoSlice<'a>; ROUND]) -> usize {
        let mut count = 0;
        for (slice, frame) in slices.iter_mut().zip(&self.queue) {
            *slice = IoSlice::new(if count == 0 { &frame[self.written..] } else { frame });
            count += 1;
        }
        count
    }

    /// Gives back the room of queues in which nothing waits: an idle socket keeps none.
    pub fn rest(&mut self) {
        if self.queue.is_empty() {
            self.queue = VecDeque::new();
        }
        for chats in [&mut self.dirty, &mut self.reading] {
            if chats.is_empty() {
                *chats = VecDeque::new();
            }
        }
    }

    /// Notes how many bytes the socket took.
    fn wrote(&mut self, mut bytes: usize) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_begun_is_written_to_its_end_before_the_close_frame_and_nothing_more() {
        let (one, other) = (frames::text(b"the entry"), frames::text(b"its mark"));
        for (written, left) in
            [(0, 0), (1, one.len()), (one.len(), 0), (one.len() + 1, one.len() + other.len())]
        {
            let mut out = Out::new(false, Transport::Away, false);
            out.enqueue([one.clone(), other.clone()].concat().into());
            out.enqueue(other.clone());
            out.written = written;
            out.finish(CloseCode::NotAllowed, "out");
            let begun: usize = out.queue.iter().rev().skip(1).map(Bytes::len).sum();
            assert_eq!(begun, left, "after {written} bytes");
            assert!(out.written < begun.max(1) && out.queue.len() == 1 + usize::from(left > 0));
        }
    }
}
