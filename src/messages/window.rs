//! Which part of a history is wanted.

/// Which part of the history is wanted.
#[derive(Debug, Clone, Copy)]
pub enum Window {
    /// The latest.
    Latest,
    /// Those just before a place.
    Before(i64),
    /// Those just after a place.
    After(i64),
    /// The one at a place, and half on each side.
    Around(i64),
}
