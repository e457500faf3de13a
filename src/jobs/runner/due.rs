//! The tasks of which a job is due, as notifications say: a lone job is taken without looking at all the others.

use std::collections::BTreeSet;

/// Tasks that are looked for next.
#[derive(Debug, Default)]
pub struct Due(BTreeSet<&'static str>);

impl Due {
    /// A job of these is due, or may be.
    pub fn add(&mut self, tasks: impl IntoIterator<Item = &'static str>) {
        self.0.extend(tasks);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, which then are none.
    pub fn take(&mut self) -> Vec<&'static str> {
        std::mem::take(&mut self.0).into_iter().collect()
    }
}
