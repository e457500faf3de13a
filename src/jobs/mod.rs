//! Work that is done later: rows of the table `jobs`, which any instance takes and runs.
//!
//! A job is queued in the transaction that wants it ([`queue`]): rolled back, it never was. It runs at least once, on one
//! instance at a time: who takes it holds a lease, renewed while the job runs; when an instance dies the lease lapses and
//! another takes the job, and what the first one still says of it counts no more. So a task must bear being run twice.
//! What fails, or panics, is tried again after a growing pause, as often as the job allows.
//!
//! A notification wakes those who are not busy; whoever does not hear it looks every five seconds, and when the next one is
//! due. The tasks themselves are listed
//! in `worker.rs`: those that wait for strangers have workers of their own, so that they hold up nothing else.

mod listen;
mod model;
mod runner;
mod store;
mod tasks;

pub use listen::{is_notification, listen};
pub use model::{Job, NewJob};
pub use runner::{Counts, Runner};
pub use store::{count_due, list, queue, sweep};
pub use tasks::{Task, put_off};
