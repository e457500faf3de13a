//! How far a client has got in one chat, and how far it may go.

use std::sync::Arc;

use super::tail::Tail;
use crate::chats::Position;

/// A client's place in a chat.
pub struct Cursor {
    /// The latest of the chat's log.
    pub tail: Arc<Tail>,
    /// The latest entry it was told.
    pub seen: Position,
    /// The generation of the tail in which that was known to be an entry of the log.
    pub generation: u64,
    /// Where its frames come from.
    pub state: Reading,
    /// It waits among those that may have something to tell.
    pub is_dirty: bool,
    /// It waits among those that read the log.
    pub is_reading: bool,
    /// What it asked for is not all told yet, or it has not been told that it is.
    pub owes_caught_up: bool,
    /// The chat is known to be no direct one.
    pub in_group: bool,
    /// The end of the log when it was last asked whether they may be here.
    admitted: i64,
    /// Entries that put them out, each with the last entry that is still theirs.
    limits: Vec<(i64, i64)>,
}

/// Where the frames of a chat come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Nowhere yet: whether they may is being asked.
    Waiting,
    /// From the tail.
    Live,
    /// From the log, because the tail has let go of what comes next.
    Behind,
    /// From the log, because the client asked for what it missed; `caught_up` is still to be said.
    Resuming,
}

impl Cursor {
    /// A place at the tail of a chat's log, before anyone has asked whether the client may.
    pub fn new(tail: Arc<Tail>) -> Self {
        Self {
            tail,
            seen: Position::START,
            generation: 0,
            state: Reading::Waiting,
            is_dirty: false,
            is_reading: false,
            owes_caught_up: false,
            in_group: false,
            admitted: 0,
            limits: Vec::new(),
        }
    }

    /// Whether its client hears the chat live, and may.
    pub fn is_live(&self) -> bool {
        self.state == Reading::Live && self.until() == i64::MAX
    }

    /// They may be here, as the tables were when the log ended at `admitted`: what put them out before that is void.
    pub fn admit(&mut self, admitted: i64) {
        self.admitted = admitted;
        self.limits.retain(|(entry, _)| *entry > admitted);
    }

    /// The last entry that was there when the client came: `caught_up` is said when it has been told. `None` when it was.
    pub fn replay_end(&self) -> Option<i64> {
        self.owes_caught_up.then(|| self.admitted.max(self.seen.seq))
    }

    /// Goes on from the end of the log.
    pub fn restart(&mut self, last: Position) {
        (self.seen, self.generation, self.state) = (last, self.tail.generation(), Reading::Resuming);
        self.admitted = self.admitted.min(last.seq);
    }

    /// As the tables are now, they may not be here: nothing more is theirs.
    pub fn exclude(&mut self) {
        self.limits.push((i64::MAX, self.seen.seq));
    }

    /// Entry `entry` put them out; nothing after `until` is theirs.
    pub fn limit(&mut self, entry: i64, until: i64) {
        if entry > self.admitted {
            self.limits.push((entry, until));
        }
    }

    /// Whether an entry came after they were let in.
    pub fn is_later(&self, entry: i64) -> bool {
        entry > self.admitted
    }

    /// Nothing after this entry is the client's.
    pub fn until(&self) -> i64 {
        self.limits.iter().map(|(_, until)| *until).min().unwrap_or(i64::MAX)
    }

    /// Whether the tail holds everything that comes next, as it is now, and in which generation of it: while it lacks entries from
    /// before the client was let in, one of them may be the recall of a message it holds.
    pub fn may_go_live(&self) -> Option<u64> {
        let is_fresh =
            self.seen.seq >= self.admitted || self.tail.head().is_some_and(|head| head.seq >= self.admitted);
        self.tail.covers(self.seen, self.generation).filter(|_| is_fresh)
    }

    /// Whether it reads the log.
    pub fn reads_the_log(&self) -> bool {
        matches!(self.state, Reading::Behind | Reading::Resuming)
    }
}
