//! One client: where it has got to in each chat it follows, and what waits to be written to it.
//!
//! It has no queue of its own for what happens in chats. It takes frames from the channels' shared rings when its socket
//! takes bytes; what was let go meanwhile it reads from the log, at its own pace. So a slow reader holds no memory.

use std::{
    collections::VecDeque,
    io::{ErrorKind, IoSlice},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
};

use bytes::Bytes;
use tokio::{net::TcpStream, sync::Notify};
use uuid::Uuid;

use super::{
    channel::Channel,
    frames::{self, CloseCode, Notice},
};
use crate::{http::Caller, telemetry::metrics::names};

/// The most frames taken from the rings at once: one write's worth.
const ROUND: usize = 64;
/// The most bytes of answers that wait for a client that does not read them.
const UNREAD_BYTES: usize = 1024 * 1024;

/// One client.
pub struct Session {
    /// Which one on this instance.
    pub number: u64,
    /// Who it is.
    pub caller: Caller,
    socket: Arc<TcpStream>,
    out: Mutex<Out>,
    /// Rung when the socket's task has something to do.
    pub wake: Notify,
    unanswered_pings: AtomicU8,
}

#[derive(Default)]
struct Out {
    queue: VecDeque<Bytes>,
    queued_bytes: usize,
    /// How much of the first frame is written.
    written: usize,
    /// The socket takes nothing right now.
    blocked: bool,
    cursors: Vec<Cursor>,
    /// The close frame is queued, or the connection broke: nothing more is told.
    over: bool,
    broken: bool,
}

/// How far a client has got in a chat.
struct Cursor {
    channel: Arc<Channel>,
    seen: i64,
    /// Nothing after this entry is the client's.
    until: i64,
    /// Reads the log; `caught_up` is still to be said when it has.
    state: Reading,
    dirty: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// Nothing yet: whether they may is being asked.
    Waiting,
    /// From the ring.
    Live,
    /// From the log, because the ring has let go of what comes next.
    Behind,
    /// From the log, because the client asked for what it missed.
    Resuming,
}

impl Cursor {
    fn reads_the_log(&self) -> bool {
        matches!(self.state, Reading::Behind | Reading::Resuming)
    }
}

/// What the socket's task has to do.
#[derive(Debug, Clone, Copy)]
pub struct Todo {
    /// Wait for the socket to take bytes again.
    pub write: bool,
    /// Read the log for this chat after this entry.
    pub catch_up: Option<(Uuid, i64)>,
    /// Everything is said, or can't be: end.
    pub end: bool,
}

impl Session {
    /// A client that has just connected.
    pub fn new(number: u64, caller: Caller, socket: Arc<TcpStream>) -> Self {
        Self {
            number,
            caller,
            socket,
            out: Mutex::default(),
            wake: Notify::new(),
            unanswered_pings: AtomicU8::new(0),
        }
    }

    fn out(&self) -> MutexGuard<'_, Out> {
        self.out.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells this client something of its own.
    pub fn tell(&self, notice: &Notice<'_>) {
        self.push(frames::json(notice));
    }

    /// Queues a finished frame and writes what the socket takes.
    pub fn push(&self, frame: Bytes) {
        let mut out = self.out();
        if out.over {
            return;
        }
        if out.queued_bytes > UNREAD_BYTES {
            out.finish(CloseCode::TooSlow, "too slow; resume when you can");
        } else {
            out.enqueue(frame);
        }
        self.write(&mut out);
    }

    /// Says good-bye: what waits is dropped, since it may no longer be the client's.
    pub fn close(&self, code: CloseCode, reason: &str) {
        let mut out = self.out();
        if out.over {
            return;
        }
        out.finish(code, reason);
        self.write(&mut out);
        self.wake.notify_one();
    }

    /// Says good-bye after what is queued already.
    pub fn close_after_queue(&self, code: CloseCode, reason: &str) {
        let mut out = self.out();
        if out.over {
            return;
        }
        out.enqueue(frames::close(code, reason));
        out.over = true;
        self.write(&mut out);
        self.wake.notify_one();
    }

    /// The client said good-bye, or is gone.
    pub fn end(&self) {
        self.out().over = true;
        self.wake.notify_one();
    }

    /// Takes a place at a channel; nothing is told before [`Session::start`]. It is taken before anyone asks whether the
    /// client may, so that a removal in between finds whom it concerns.
    pub fn follow(&self, channel: Arc<Channel>) {
        let cursor = Cursor { channel, seen: 0, until: i64::MAX, state: Reading::Waiting, dirty: false };
        self.out().cursors.push(cursor);
    }

    /// Begins to tell what comes after an entry; what lies between it and now comes from the log.
    pub fn start(&self, chat_id: Uuid, seen: i64) {
        let mut out = self.out();
        if let Some(cursor) = out.cursor(chat_id) {
            (cursor.seen, cursor.state) = (seen, Reading::Resuming);
        }
        self.wake.notify_one();
    }

    /// The client may hear nothing of this chat after that entry.
    pub fn limit(&self, chat_id: Uuid, until: i64) {
        let mut out = self.out();
        if let Some(cursor) = out.cursor(chat_id) {
            cursor.until = cursor.until.min(until);
            cursor.dirty = true;
        }
        self.write(&mut out);
    }

    /// Notes that a channel has news; says whether a [`Session::flush`] will find something to do.
    pub fn mark(&self, chat_id: Uuid) -> bool {
        let mut out = self.out();
        match out.cursor(chat_id) {
            Some(cursor) => {
                cursor.dirty = true;
                !out.blocked && !out.over
            }
            None => false,
        }
    }

    /// Writes what the socket takes.
    pub fn flush(&self) {
        self.write(&mut self.out());
    }

    /// The socket takes bytes again.
    pub fn unblock(&self) {
        let mut out = self.out();
        out.blocked = false;
        self.write(&mut out);
    }

    /// What the socket's task has to do now.
    pub fn todo(&self) -> Todo {
        let out = self.out();
        let idle = out.queue.is_empty();
        let behind = out.cursors.iter().find(|cursor| cursor.reads_the_log());
        Todo {
            write: out.blocked,
            catch_up: behind
                .filter(|_| idle && !out.over)
                .map(|cursor| (cursor.channel.chat_id, cursor.seen)),
            end: out.broken || (out.over && idle),
        }
    }

    /// Goes live in a chat if its channel holds everything that comes next; says `caught_up` to who resumed.
    pub fn go_live(&self, chat_id: Uuid) -> bool {
        let mut out = self.out();
        let Some(cursor) = out.cursor(chat_id) else { return true };
        if !cursor.channel.covers(cursor.seen) {
            return false;
        }
        let resumed = cursor.state == Reading::Resuming;
        cursor.state = Reading::Live;
        cursor.dirty = true;
        let seq = cursor.seen;
        if resumed {
            out.enqueue(frames::json(&Notice::CaughtUp { chat_id, seq }));
        }
        self.write(&mut out);
        true
    }

    /// Adds entries read from the log, in order.
    pub fn replay(&self, chat_id: Uuid, entries: Vec<(i64, Bytes)>) {
        let mut out = self.out();
        for (seq, frame) in entries {
            let Some(cursor) = out.cursor(chat_id) else { return };
            if seq <= cursor.seen || seq > cursor.until {
                continue;
            }
            cursor.seen = seq;
            out.enqueue(frame);
        }
        if let Some(cursor) = out.cursor(chat_id) {
            cursor.dirty = true;
        }
        self.write(&mut out);
    }

    /// What the client asked for is not held: says so, and goes on from the end of the log.
    pub fn reset(&self, chat_id: Uuid, oldest_seq: i64, last_seq: i64) {
        let mut out = self.out();
        if let Some(cursor) = out.cursor(chat_id) {
            cursor.seen = last_seq;
            cursor.state = Reading::Resuming;
            out.enqueue(frames::json(&Notice::Reset { chat_id, oldest_seq, last_seq }));
        }
        self.write(&mut out);
        self.wake.notify_one();
    }

    /// The client gave a sign of life.
    pub fn alive(&self) {
        self.unanswered_pings.store(0, Ordering::Relaxed);
    }

    /// Pings, or closes after two pings without an answer.
    pub fn ping(&self, ping: &Bytes) {
        if self.unanswered_pings.fetch_add(1, Ordering::Relaxed) >= 2 {
            self.close(CloseCode::Heartbeat, "no answer to two pings");
        } else {
            self.push(ping.clone());
        }
    }

    /// The chats it follows.
    pub fn chats(&self) -> Vec<Uuid> {
        self.out().cursors.iter().map(|cursor| cursor.channel.chat_id).collect()
    }

    /// Writes as long as the socket takes bytes and there is something to write.
    fn write(&self, out: &mut Out) {
        if out.blocked || out.broken {
            return;
        }
        loop {
            if out.queue.is_empty() && !out.fill() {
                break;
            }
            if out.queue.is_empty() {
                break;
            }
            let mut slices = [IoSlice::new(&[]); ROUND];
            let count = out.slices(&mut slices);
            match self.socket.try_write_vectored(&slices[..count]) {
                Ok(bytes) => out.wrote(bytes),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    out.blocked = true;
                    self.wake.notify_one();
                    return;
                }
                Err(_) => {
                    out.broken = true;
                    self.wake.notify_one();
                    return;
                }
            }
        }
        if out.over || out.cursors.iter().any(Cursor::reads_the_log) {
            self.wake.notify_one();
        }
    }
}

impl Out {
    fn cursor(&mut self, chat_id: Uuid) -> Option<&mut Cursor> {
        self.cursors.iter_mut().find(|cursor| cursor.channel.chat_id == chat_id)
    }

    fn enqueue(&mut self, frame: Bytes) {
        self.queued_bytes += frame.len();
        self.queue.push_back(frame);
    }

    /// Drops what waits, but for a frame that is half written, and queues the close frame.
    fn finish(&mut self, code: CloseCode, reason: &str) {
        self.queue.truncate(usize::from(self.written > 0));
        self.queued_bytes = self.queue.iter().map(Bytes::len).sum();
        self.enqueue(frames::close(code, reason));
        self.over = true;
    }

    /// Takes the next frames from the rings; says whether anything was queued.
    fn fill(&mut self) -> bool {
        if self.over {
            return false;
        }
        let mut taken = Vec::new();
        let mut forbidden = false;
        for cursor in
            self.cursors.iter_mut().filter(|cursor| cursor.dirty && cursor.state != Reading::Waiting)
        {
            if cursor.seen >= cursor.until {
                forbidden = true;
                continue;
            }
            if cursor.state != Reading::Live {
                cursor.dirty = false;
                continue;
            }
            match cursor.channel.after(cursor.seen, cursor.until, ROUND - taken.len()) {
                Some(frames) => {
                    cursor.dirty = frames.len() == ROUND - taken.len() || cursor.until != i64::MAX;
                    if let Some((seq, _)) = frames.last() {
                        cursor.seen = *seq;
                    }
                    taken.extend(frames);
                }
                None => {
                    metrics::counter!(names::SLOW_READERS).increment(1);
                    cursor.state = Reading::Behind;
                    cursor.dirty = false;
                }
            }
            if taken.len() == ROUND {
                break;
            }
        }
        metrics::counter!(names::FRAMES_SENT).increment(taken.len() as u64);
        let any = !taken.is_empty();
        for (_, frame) in taken {
            self.enqueue(frame);
        }
        if forbidden && !any {
            self.enqueue(frames::close(CloseCode::NotAllowed, "you are no longer in this chat"));
            self.over = true;
        }
        any || forbidden
    }

    fn slices<'a>(&'a self, slices: &mut [IoSlice<'a>; ROUND]) -> usize {
        let mut count = 0;
        for (slice, frame) in slices.iter_mut().zip(&self.queue) {
            *slice = IoSlice::new(if count == 0 { &frame[self.written..] } else { frame });
            count += 1;
        }
        count
    }

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
