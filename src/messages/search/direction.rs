//! In which direction a log is read, and which places of it.

use crate::messages::window::Window;

/// Entries of a run of the index.
pub const RUN: i64 = 32;

/// In which direction a log is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The newest first.
    Descending,
    /// The oldest first.
    Ascending,
}

impl Direction {
    /// The one that is asked for as `seq` or `-seq`.
    pub fn of(sort: &str) -> Self {
        if sort == "seq" { Self::Ascending } else { Self::Descending }
    }

    /// What places are multiplied by to be in this order.
    pub fn sign(self) -> i64 {
        match self {
            Self::Descending => -1,
            Self::Ascending => 1,
        }
    }
}

/// After so much was seen, and so many of what is needed were found in it: how much is to be seen until all are, if the rest is
/// like it. At least half as much again: where it is not, few steps lead to the end.
pub fn still_to_see(seen: f64, found: usize, need: usize) -> f64 {
    (seen * need.saturating_sub(found) as f64 / found as f64).max(seen / 2.0)
}

/// Entries after a place and up to another.
#[derive(Debug, Clone, Copy)]
pub struct Places {
    /// Before the first.
    pub after: i64,
    /// The last.
    pub up_to: i64,
}

impl Places {
    /// Those of a run of the index.
    pub fn of_run(run: i64) -> Self {
        Self { after: run * RUN, up_to: (run + 1) * RUN }
    }

    /// Those in both.
    pub fn and(self, other: Self) -> Self {
        Self { after: self.after.max(other.after), up_to: self.up_to.min(other.up_to) }
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.after >= self.up_to
    }
}

/// The places that a window lets see.
pub fn places_of(window: Window) -> Places {
    let all = Places { after: 0, up_to: i64::MAX };
    match window {
        Window::Latest | Window::Around(_) => all,
        Window::Before(seq) => Places { up_to: seq.saturating_sub(1), ..all },
        Window::After(seq) => Places { after: seq, ..all },
    }
}
