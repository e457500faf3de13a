//! Blocking, and what it closes.

mod blocking;
mod talking;
