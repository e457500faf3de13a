//! Calendars: events as iCalendar (RFC 5545), one by one and as an address that a calendar program subscribes to.
//!
//! Of the address the table knows a hash. What it shows is put together from `events` and `tickets` each time; what was deleted is told
//! from `calendar_tombstones`, so that a calendar hears that it is cancelled.

pub mod api;
mod answer;
mod document;
pub mod model;
pub mod service;
pub mod store;
mod text;
mod zone;
