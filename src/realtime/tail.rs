//! The latest entries of one chat's log, as finished frames: shared by everyone who follows the chat.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use uuid::Uuid;

use crate::{chats::Position, time::Timestamp};

/// The most frames that are held for readers that lag a little; who lags more reads the log.
const HELD_FRAMES: usize = 512;
/// The most bytes it holds.
const HELD_BYTES: usize = 512 * 1024;

/// The most entries that wait for their notification; beyond it the log is read.
const MOST_LOCAL: usize = 64;

/// An entry of the log, and the frames that tell it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its number.
    pub seq: i64,
    /// Which entry it is.
    pub id: Uuid,
    /// The frame, the same bytes for every socket; right behind it the one that tells that its sender has read up to it, if it does.
    pub frames: Bytes,
    /// How many frames these are.
    pub count: u8,
}

impl Entry {
    /// An entry with its frame, and the frame that tells that its sender has read up to it: both are written by one write.
    pub fn new(seq: i64, id: Uuid, frame: Bytes, read: Option<Bytes>) -> Self {
        match read {
            Some(read) => Self { seq, id, frames: [frame, read].concat().into(), count: 2 },
            None => Self { seq, id, frames: frame, count: 1 },
        }
    }

    /// Where it stands.
    pub fn position(&self) -> Position {
        Position { seq: self.seq, id: Some(self.id) }
    }
}

/// An entry that this instance has written itself.
pub struct LocalEntry {
    /// What stands just before it.
    pub after: Position,
    /// The entry.
    pub entry: Entry,
    /// When it was written.
    pub at: Timestamp,
}

/// The tail of one chat's log.
pub struct Tail {
    /// The chat.
    pub chat_id: Uuid,
    state: Mutex<State>,
}

struct State {
    /// The latest entry that was read; `None` until somebody has said where the log stands.
    head: Option<Position>,
    /// How often the log turned out to be another one than was read before.
    generation: u64,
    /// The latest entry a notification told of.
    announced: i64,
    /// Every entry after this one, up to the head, is kept here.
    base: Position,
    recent: VecDeque<Entry>,
    bytes: usize,
    /// What this instance has written itself and no notification has told of yet, in order.
    local: VecDeque<LocalEntry>,
    /// How many this instance is just writing.
    expected: u32,
    /// Since when news are not read because one of those may be all of them.
    waiting_since: Option<Instant>,
    /// Something came since the last [`Tail::trim`].
    fresh: bool,
}

impl Tail {
    /// Nothing was read yet.
    pub fn new(chat_id: Uuid) -> Self {
        let state = State {
            head: None,
            generation: 0,
            announced: 0,
            base: Position::START,
            recent: VecDeque::new(),
            bytes: 0,
            local: VecDeque::new(),
            expected: 0,
            waiting_since: None,
            fresh: false,
        };
        Self { chat_id, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says where the log stands, if nobody has yet. What came before is not held; what comes after will be.
    pub fn start_at(&self, last: Position) {
        let mut state = self.state();
        if state.head.is_none() {
            (state.head, state.base) = (Some(last), last);
        }
    }

    /// Which log this is of those that were read since somebody follows the chat.
    pub fn generation(&self) -> u64 {
        self.state().generation
    }

    /// Notes the entry a notification told of.
    pub fn announce(&self, seq: i64) {
        let mut state = self.state();
        state.announced = state.announced.max(seq);
    }

    /// The latest entry a notification told of.
    pub fn announced(&self) -> i64 {
        self.state().announced
    }

    /// The entry after which there is news to read, if there is any, and the latest one a notification told of.
    pub fn behind(&self) -> Option<(Position, i64)> {
        let state = self.state();
        state.head.filter(|head| state.announced > head.seq).map(|head| (head, state.announced))
    }

    /// The latest entry that was read.
    pub fn head(&self) -> Option<Position> {
        self.state().head
    }

    /// This instance is writing an entry: its notification may come before it is kept here.
    pub fn expect(&self) {
        self.state().expected += 1;
    }

    /// That entry is kept, or will not be. Answers whether somebody waits for it.
    pub fn give_up(&self) -> bool {
        let mut state = self.state();
        state.expected = state.expected.saturating_sub(1);
        state.waiting_since.is_some()
    }

    /// Whether the news need not be read yet, since what this instance has written or is just writing may be all of them. Not for
    /// long, and then not before they were told.
    pub fn may_wait(&self, patience: Duration) -> bool {
        let mut state = self.state();
        let Some(head) = state.head.filter(|_| state.expected > 0) else { return false };
        let here = state.local.iter().filter(|local| local.entry.seq > head.seq).count();
        if state.announced > head.seq + here as i64 + i64::from(state.expected) {
            return false;
        }
        state.waiting_since.get_or_insert_with(Instant::now).elapsed() < patience
    }

    /// Keeps an entry that this instance has written itself for when a notification tells of it.
    pub fn push_local(&self, local: LocalEntry) {
        let mut state = self.state();
        if state.head.is_none_or(|head| local.entry.seq <= head.seq) {
            return;
        }
        let follows = state.local.back().is_none_or(|last| last.entry.position() == local.after);
        if !follows || state.local.len() >= MOST_LOCAL {
            state.local.clear();
        }
        state.local.push_back(local);
    }

    /// Takes over the local entries, if they are all that notifications have told of: each stands right behind the one before
    /// it and the first right behind the head, by number and by id. Where anything else was told of, it may have changed
    /// these, and the log is read.
    pub fn take_local(&self) -> Vec<LocalEntry> {
        let mut state = self.state();
        let Some(mut head) = state.head else { return vec![] };
        let announced = state.announced;
        state.local.retain(|local| local.entry.seq > head.seq);
        let mut count = 0;
        for local in state.local.iter().take_while(|local| local.entry.seq <= announced) {
            if local.after != head || (head.id.is_none() && head != Position::START) {
                return vec![];
            }
            head = local.entry.position();
            count += 1;
        }
        if head.seq < announced {
            return vec![];
        }
        state.local.drain(..count).collect()
    }

    /// Adds the next entries, in order, as one query read them.
    ///
    /// Where they `change` messages, what is held from before shows those as they were: it is let go, so that whoever
    /// has not got it yet reads the log, where a recalled message has no words any more.
    pub fn push(&self, entries: Vec<Entry>, change: bool) {
        let mut state = self.state();
        state.waiting_since = None;
        if let Some(head) = state.head.filter(|_| change) {
            state.recent.clear();
            (state.bytes, state.base) = (0, head);
        }
        for entry in entries {
            let position = entry.position();
            if state.head.is_some_and(|head| entry.seq <= head.seq) {
                continue;
            }
            if state.head.is_some_and(|head| entry.seq != head.seq + 1) {
                // What lies between is gone: who has not got past it learns so from the log.
                state.recent.clear();
                (state.bytes, state.base) = (0, Position { seq: entry.seq - 1, id: None });
            }
            state.fresh = true;
            state.head = Some(position);
            state.announced = state.announced.max(entry.seq);
            state.bytes += entry.frames.len();
            state.recent.push_back(entry);
        }
        while state.recent.len() > HELD_FRAMES || state.bytes > HELD_BYTES {
            let Some(entry) = state.recent.pop_front() else { break };
            state.bytes -= entry.frames.len();
            state.base = entry.position();
        }
    }

    /// What was announced, up to `announced`, is not in the log any more: there is nothing to wait for. What was announced
    /// meanwhile is.
    pub fn settle(&self, announced: i64) {
        let mut state = self.state();
        state.waiting_since = None;
        if let Some(head) = state.head.filter(|_| state.announced == announced) {
            state.announced = head.seq;
        }
    }

    /// The log is another one than was read (a restored backup, a failover that lost its tail): begins anew from its end,
    /// and says how far the other one was read. Whoever was told of that one must show where they stand in this.
    pub fn restart(&self, last: Position) -> Option<Position> {
        let mut state = self.state();
        state.recent.clear();
        state.local.clear();
        state.waiting_since = None;
        (state.base, state.announced, state.bytes) = (last, last.seq, 0);
        state.generation += 1;
        state.head.replace(last)
    }

    /// Lets go of frames everyone has had time for; who has not reads the log.
    pub fn trim(&self) {
        let mut state = self.state();
        if std::mem::take(&mut state.fresh) {
            return;
        }
        if let Some(head) = state.head {
            state.recent = VecDeque::new();
            state.local = VecDeque::new();
            state.bytes = 0;
            state.base = head;
        }
    }

    /// Whether everything after `seen` is held here, and of the same log: then, which one this is. `generation` is the one `seen`
    /// was last known to belong to.
    pub fn covers(&self, seen: Position, generation: u64) -> Option<u64> {
        let state = self.state();
        state.continues(seen, generation).then_some(state.generation)
    }

    /// Takes up to `most` entries after `seen` and up to `until`; `None` when [`Tail::covers`] does not.
    pub fn after(
        &self,
        seen: Position,
        generation: u64,
        until: i64,
        most: usize,
    ) -> Option<(u64, Vec<Entry>)> {
        let state = self.state();
        if !state.continues(seen, generation) {
            return None;
        }
        let start = state.recent.partition_point(|entry| entry.seq <= seen.seq);
        let entries = state.recent.range(start..).take(most).take_while(|entry| entry.seq <= until);
        Some((state.generation, entries.cloned().collect()))
    }
}

impl State {
    /// Whether what is held here goes on after `seen`: it does where the same entry stands there. Where that is not known,
    /// it does if nothing has happened to the log since somebody knew.
    fn continues(&self, seen: Position, generation: u64) -> bool {
        if self.head.is_none() || seen.seq < self.base.seq {
            return false;
        }
        let here = match self.recent.binary_search_by_key(&seen.seq, |entry| entry.seq) {
            Ok(place) => self.recent.get(place).map(|entry| entry.id),
            Err(_) => self.base.id.filter(|_| self.base.seq == seen.seq),
        };
        match (here, seen.id) {
            (Some(here), Some(seen)) => here == seen,
            // Every log begins here.
            _ if seen == Position::START => true,
            _ => generation == self.generation,
        }
    }
}
