//! What reaches the devices of who is away: web push (RFC 8030), encrypted for the device (RFC 8291), signed by the server (RFC
//! 8292).
//!
//! What causes a push puts a row into `push_queue`, in its own transaction, for each device of whom it concerns, who wants it and has
//! no socket open; everything that happens in one chat shares one row. The row has a job, which reads what there is to say at the
//! moment at which it sends: what was recalled, read or muted meanwhile is not sent. The row goes when it was taken, unless more has come
//! meanwhile; what can't be delivered is tried again with growing pauses, and at last given up. A device that is gone says so, and
//! its subscription goes with it.

pub mod api;
mod delivery;
pub mod jobs;
pub mod keys;
pub mod model;
mod payload;
pub mod service;
mod store;
