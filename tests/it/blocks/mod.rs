//! Blocking, and what it ends.

mod blocking;
