//! A chat that somebody here follows: its latest frames, shared by all who do.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use uuid::Uuid;

use super::session::Session;

/// The most frames a channel holds for readers that lag a little; who lags more reads the log.
const HELD_FRAMES: usize = 512;
/// The most bytes it holds.
const HELD_BYTES: usize = 512 * 1024;

/// The shared ring of one chat.
pub struct Channel {
    /// The chat.
    pub chat_id: Uuid,
    state: Mutex<State>,
}

struct State {
    /// The latest entry that was read; `None` until somebody has said where the log stands.
    head: Option<i64>,
    /// The latest entry a bell told of.
    rung: i64,
    /// Every entry after this one, up to the head, is in the ring.
    base: i64,
    ring: VecDeque<(i64, Bytes)>,
    bytes: usize,
    /// Something came since the last [`Channel::trim`].
    fresh: bool,
    followers: HashMap<u64, Arc<Session>>,
}

impl Channel {
    /// A channel nobody follows yet.
    pub fn new(chat_id: Uuid) -> Self {
        let state = State {
            head: None,
            rung: 0,
            base: 0,
            ring: VecDeque::new(),
            bytes: 0,
            fresh: false,
            followers: HashMap::new(),
        };
        Self { chat_id, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a follower.
    pub fn follow(&self, session: &Arc<Session>) {
        self.state().followers.insert(session.number, Arc::clone(session));
    }

    /// Removes a follower; says whether none is left.
    pub fn unfollow(&self, number: u64) -> bool {
        let mut state = self.state();
        state.followers.remove(&number);
        state.followers.is_empty()
    }

    /// Says where the log stands, if nobody has yet. What came before is not held; what comes after will be.
    pub fn start_at(&self, last_seq: i64) {
        let mut state = self.state();
        if state.head.is_none() {
            (state.head, state.base) = (Some(last_seq), last_seq);
        }
    }

    /// Notes what a bell told.
    pub fn ring(&self, seq: i64) {
        let mut state = self.state();
        state.rung = state.rung.max(seq);
    }

    /// The latest entry a bell told of.
    pub fn rung(&self) -> i64 {
        self.state().rung
    }

    /// The entry after which there is news to read, if there is any, and the latest one a bell told of.
    pub fn behind(&self) -> Option<(i64, i64)> {
        let state = self.state();
        state.head.filter(|head| state.rung > *head).map(|head| (head, state.rung))
    }

    /// The latest entry that was read.
    pub fn head(&self) -> Option<i64> {
        self.state().head
    }

    /// Adds the next entries, in order, as one query read them.
    ///
    /// Where they `change` messages, what is held from before shows those as they were: it is let go, so that whoever
    /// has not got it yet reads the log, where a recalled message has no words any more.
    pub fn push(&self, frames: Vec<(i64, Bytes)>, change: bool) {
        let mut state = self.state();
        if let Some(head) = state.head.filter(|_| change) {
            state.ring.clear();
            (state.bytes, state.base) = (0, head);
        }
        for (seq, frame) in frames {
            if state.head.is_some_and(|head| seq <= head) {
                continue;
            }
            if state.head.is_some_and(|head| seq != head + 1) {
                // What lies between is gone: who has not got past it learns so from the log.
                state.ring.clear();
                (state.bytes, state.base) = (0, seq - 1);
            }
            state.fresh = true;
            state.head = Some(seq);
            state.rung = state.rung.max(seq);
            state.bytes += frame.len();
            state.ring.push_back((seq, frame));
        }
        while state.ring.len() > HELD_FRAMES || state.bytes > HELD_BYTES {
            let Some((seq, frame)) = state.ring.pop_front() else { break };
            state.bytes -= frame.len();
            state.base = seq;
        }
    }

    /// What was rung, up to `rung`, is not in the log any more: there is nothing to wait for. What was rung meanwhile is.
    pub fn settle(&self, rung: i64) {
        let mut state = self.state();
        if let Some(head) = state.head.filter(|_| state.rung == rung) {
            state.rung = head;
        }
    }

    /// The log ends before what was read of it: another database than before (a restored backup). Begins anew.
    pub fn rewind(&self, last_seq: i64) {
        let mut state = self.state();
        state.ring.clear();
        (state.head, state.base, state.rung, state.bytes) = (Some(last_seq), last_seq, last_seq, 0);
    }

    /// Lets go of frames everyone has had time for; who has not reads the log.
    pub fn trim(&self) {
        let mut state = self.state();
        if std::mem::take(&mut state.fresh) {
            return;
        }
        if let Some(head) = state.head {
            state.ring = VecDeque::new();
            state.bytes = 0;
            state.base = head;
        }
    }

    /// Whether everything after `seen` is held here.
    pub fn covers(&self, seen: i64) -> bool {
        let state = self.state();
        state.head.is_some() && seen >= state.base
    }

    /// Takes up to `most` frames after `seen` and up to `until`; `None` when they are no longer held.
    pub fn after(&self, seen: i64, until: i64, most: usize) -> Option<Vec<(i64, Bytes)>> {
        let state = self.state();
        if state.head.is_none() || seen < state.base {
            return None;
        }
        let start = state.ring.partition_point(|(seq, _)| *seq <= seen);
        Some(state.ring.range(start..).take(most).take_while(|(seq, _)| *seq <= until).cloned().collect())
    }

    /// Everyone who follows. Never call a session with the channel locked: sessions lock channels.
    pub fn followers(&self) -> Vec<Arc<Session>> {
        self.state().followers.values().cloned().collect()
    }
}
