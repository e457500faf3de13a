//! Friends, and those who ask to be.

mod befriending;
mod listing;
mod presence;
