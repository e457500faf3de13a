//! Topics: a durable log for programs, in the order of commits, with groups of consumers that share the work.
//!
//! A record takes the next offset of its topic under the lock of the topic, so the order of offsets is that of commits: who has read up
//! to an offset has missed nothing before it. A group gives each record to one consumer, for a while; what is not committed by
//! then goes to the next that asks. Who waits for records is woken by a notification.

pub mod api;
pub mod jobs;
pub mod model;
pub mod service;
pub mod store;

pub use service::topic_of;
