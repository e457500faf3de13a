//! One client: where it has got to in each chat it follows, and what waits to be written to it.
//!
//! It has no queue of its own for what happens in chats. It takes frames from the shared tails of the chats when its socket
//! takes bytes; what was let go meanwhile it reads from the log, at its own pace. So a slow reader holds no memory.

mod gateway;
mod writing;

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicI64, AtomicU8},
};

use bytes::Bytes;
use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    cursor::{Cursor, Reading},
    frames::{self, CloseCode, Notice},
    out::Out,
    packets, permits,
    tail::{Entry, Tail},
    transport::Transport,
};
use crate::{
    chats::{Head, Position},
    http::Caller,
};

/// The most bytes that wait for a client that does not read them.
const UNREAD_BYTES: usize = 1024 * 1024;

/// One client.
pub struct Session {
    /// Which one on this instance.
    pub number: u64,
    /// Who it is.
    pub caller: Caller,
    /// What it connected to.
    pub kind: Kind,
    /// Whether it speaks Socket.IO, and not frames of WebSocket.
    pub is_socket_io: bool,
    out: Mutex<Out>,
    /// Notified when the socket's task has something to do.
    pub wake: Notify,
    unanswered_pings: AtomicU8,
    /// The number of the notification it was told last; -1 before it is told any.
    notified: AtomicI64,
}

/// What a client connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One chat.
    Chat,
    /// The gateway: any number of chats.
    Gateway {
        /// All of the user's, later ones too.
        all: bool,
    },
}

impl Kind {
    /// What a role must permit for it.
    pub fn permission(self) -> &'static str {
        match self {
            Self::Chat => permits::CHAT,
            Self::Gateway { .. } => permits::GATEWAY,
        }
    }
}

/// What the socket's task has to do.
#[derive(Debug, Clone, Copy)]
pub struct Todo {
    /// Wait for the socket to take bytes again.
    pub write: bool,
    /// Read the log for this chat after this entry.
    pub catch_up: Option<(Uuid, Position)>,
    /// Good-bye is said: nothing more is told or executed.
    pub end: bool,
}

impl Session {
    /// A client that has just connected.
    pub fn new(number: u64, caller: Caller, kind: Kind, transport: Transport, is_socket_io: bool) -> Self {
        let out = Out::new(kind != Kind::Chat, transport, is_socket_io);
        Self {
            number,
            caller,
            kind,
            is_socket_io,
            out: Mutex::new(out),
            wake: Notify::new(),
            unanswered_pings: AtomicU8::new(0),
            notified: AtomicI64::new(-1),
        }
    }

    fn out(&self) -> MutexGuard<'_, Out> {
        self.out.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells this client something of its own.
    pub fn tell(&self, notice: &Notice<'_>) {
        if self.is_socket_io
            && let Some(answers) = packets::answer(notice)
        {
            return answers.into_iter().for_each(|frame| self.push(frame));
        }
        self.push(frames::json(notice));
    }

    /// Queues a finished frame and writes what the socket takes.
    pub fn push(&self, frame: Bytes) {
        self.push_to(&mut self.out(), frame);
    }

    fn push_to(&self, out: &mut Out, frame: Bytes) {
        if out.over {
            return;
        }
        // An event and its other name are two.
        let most = if self.is_socket_io { 2 * UNREAD_BYTES } else { UNREAD_BYTES };
        if out.queued_bytes > most {
            out.finish(CloseCode::TooSlow, "too slow; resume when you can");
            self.wake.notify_one();
        } else {
            out.enqueue(frame);
        }
        self.write(out);
    }

    /// Sends a close frame: what waits is dropped, since it may no longer be the client's.
    pub fn close(&self, code: CloseCode, reason: &str) {
        let mut out = self.out();
        if out.over {
            return;
        }
        out.finish(code, reason);
        self.write(&mut out);
        self.wake.notify_one();
    }

    /// Sends a close frame after what is queued already.
    pub fn close_after_queue(&self, code: CloseCode, reason: &str) {
        let mut out = self.out();
        if out.over {
            return;
        }
        out.queue_close(code, reason);
        self.write(&mut out);
        self.wake.notify_one();
    }

    /// The client sent a close frame, or is gone.
    pub fn end(&self) {
        let mut out = self.out();
        out.over = true;
        if !matches!(out.transport, Transport::Socket(_)) {
            // It polls no more.
            out.transport = Transport::Away;
            out.queue.clear();
        }
        drop(out);
        self.wake.notify_one();
    }

    /// Takes a place at the tail of a chat; nothing is told before [`Session::start`]. It is taken before anyone asks whether the
    /// client may, so that a removal in between finds whom it concerns.
    pub fn follow(&self, tail: Arc<Tail>) {
        self.out().place(Cursor::new(tail));
    }

    /// Gives up the place in a chat; says whether there was one.
    pub fn unfollow(&self, chat_id: Uuid) -> bool {
        self.out().give_up(chat_id)
    }

    /// Gives up every place.
    pub fn forget_all(&self) {
        self.out().give_up_all();
    }

    /// Whether it has a place in a chat.
    pub fn follows(&self, chat_id: Uuid) -> bool {
        self.out().follows(chat_id)
    }

    /// The chats it was put out of since this was last asked.
    pub fn take_dropped(&self) -> Vec<Uuid> {
        std::mem::take(&mut self.out().dropped)
    }

    /// They may be here, as the tables were when the log ended at `last_seq`.
    pub fn admit(&self, chat_id: Uuid, last_seq: i64) {
        if let Some(cursor) = self.out().cursor(chat_id) {
            cursor.admit(last_seq);
        }
    }

    /// Begins to tell what comes after an entry, which was found in the log in this generation of its tail; what lies between it
    /// and now comes from the log.
    pub fn start(&self, chat_id: Uuid, seen: Position, generation: u64) {
        let mut out = self.out();
        if let Some(cursor) = out.cursor(chat_id) {
            (cursor.seen, cursor.generation) = (seen, generation);
            out.read_log(chat_id, Reading::Resuming);
            out.touch(chat_id);
        }
        self.wake.notify_one();
    }

    /// An entry put the client out: it may hear nothing of this chat after `until`. An entry from before it was let in
    /// does not count: notifications come late, and who left may have come back.
    pub fn limit(&self, chat_id: Uuid, entry: i64, until: i64) {
        let mut out = self.out();
        if let Some(cursor) = out.cursor(chat_id) {
            cursor.limit(entry, until);
            out.touch(chat_id);
        }
        self.write(&mut out);
    }

    /// Whether an entry came after the client was let into this chat.
    pub fn is_later(&self, chat_id: Uuid, entry: i64) -> bool {
        self.out().cursor(chat_id).is_some_and(|cursor| cursor.is_later(entry))
    }

    /// Notes that a chat has news; says whether a [`Session::flush`] will find something to do.
    pub fn mark(&self, chat_id: Uuid) -> bool {
        let mut out = self.out();
        out.touch(chat_id) && !out.blocked && !out.over
    }

    /// Whether the close frame is queued.
    pub fn is_over(&self) -> bool {
        let out = self.out();
        out.over || out.broken
    }

    /// What the socket's task has to do now.
    pub fn todo(&self) -> Todo {
        let mut out = self.out();
        let may_read = out.queue.is_empty() && !out.blocked && !out.over;
        let catch_up = if may_read { out.next_to_read() } else { None };
        Todo { write: out.blocked, catch_up, end: out.broken || out.over }
    }

    /// Goes live in the chats that are next to be read from the log and whose tails hold everything that comes next, up to
    /// `most` of them; who resumed is told `caught_up` in its place. Says whether there was one.
    pub fn go_live(&self, most: usize) -> bool {
        let mut out = self.out();
        let mut any = false;
        for _ in 0..most {
            let Some((chat_id, _)) = out.next_to_read() else { break };
            let Some(cursor) = out.cursor(chat_id) else { break };
            let Some(generation) = cursor.may_go_live() else { break };
            cursor.generation = generation;
            // The tail may hold some of what was asked for: only after that is it said.
            cursor.owes_caught_up |= cursor.state == Reading::Resuming;
            cursor.state = Reading::Live;
            out.touch(chat_id);
            any = true;
        }
        if any {
            self.write(&mut out);
        }
        any
    }

    /// The tail of a chat it follows.
    pub fn tail(&self, chat_id: Uuid) -> Option<Arc<Tail>> {
        self.out().cursor(chat_id).map(|cursor| Arc::clone(&cursor.tail))
    }

    /// The log was found to hold what it was told last, in this generation of its tail: it goes on with these entries, in order.
    pub fn replay(&self, chat_id: Uuid, generation: u64, entries: &[Entry]) {
        let mut out = self.out();
        if let Some(cursor) = out.cursor(chat_id) {
            cursor.generation = generation;
        }
        for entry in entries {
            let Some(cursor) = out.cursor(chat_id) else { return };
            if entry.seq <= cursor.seen.seq || entry.seq > cursor.until() {
                continue;
            }
            cursor.seen = entry.position();
            out.enqueue(entry.frames.clone());
        }
        out.touch(chat_id);
        out.read_others();
        self.write(&mut out);
    }

    /// What the client asked for is not held, or is of another log: says so, and goes on from the end of this one.
    pub fn reset(&self, chat_id: Uuid, oldest_seq: i64, last: Position) {
        let mut out = self.out();
        out.reset(chat_id, oldest_seq, last);
        self.write(&mut out);
        self.wake.notify_one();
    }

    /// The log of a chat turned out to be another one, of which this was read. Who was told all of that one is told `reset`
    /// now; who was told less may stand where both are still one, and looks for itself.
    pub fn restart(&self, lost: Option<Position>, head: &Head) {
        let mut out = self.out();
        let Some(cursor) = out.cursor(head.chat_id) else { return };
        if cursor.state == Reading::Waiting {
            return;
        }
        cursor.admit(head.last.seq);
        let was_read = cursor.state == Reading::Live && lost.is_some_and(|lost| lost == cursor.seen);
        out.touch(head.chat_id);
        if was_read {
            out.reset(head.chat_id, head.oldest_seq(), head.last);
        }
        self.write(&mut out);
        self.wake.notify_one();
    }

    /// As the tables are now, the client may not hear this chat.
    pub fn exclude(&self, chat_id: Uuid) {
        let mut out = self.out();
        if let Some(cursor) = out.cursor(chat_id).filter(|cursor| cursor.state != Reading::Waiting) {
            cursor.exclude();
            out.touch(chat_id);
        }
        self.write(&mut out);
    }

    /// The client's user was banned from a chat: nothing more of it is theirs, also where it is only just being followed.
    pub fn ban(&self, chat_id: Uuid) {
        let mut out = self.out();
        if let Some(cursor) = out.cursor(chat_id) {
            cursor.exclude();
            out.touch(chat_id);
            self.write(&mut out);
        }
    }

    /// The chats it follows.
    pub fn chats(&self) -> Vec<Uuid> {
        self.out().chats()
    }
}
