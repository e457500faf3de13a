//! Values of the command line, and what is wrong with one in words that need no knowledge of types.

use uuid::Uuid;

/// An id.
pub fn id(text: &str) -> Result<Uuid, &'static str> {
    text.parse().map_err(|_| "must be a UUID")
}

/// How many: one at least.
pub fn one_or_more(text: &str) -> Result<u64, &'static str> {
    text.parse::<u64>().ok().filter(|number| *number > 0).ok_or("must be 1 or more")
}

/// A place to begin after; 0 is the beginning.
pub fn zero_or_more(text: &str) -> Result<i64, &'static str> {
    text.parse::<i64>().ok().filter(|number| *number >= 0).ok_or("must be 0 or more")
}
