//! Work that is done later: rows of the table `jobs`, which any instance takes and runs.
//!
//! A job is queued in the transaction that wants it ([`queue`]): rolled back, it never was. It runs at least once, on one
//! instance at a time: who takes it holds a lease, renewed while the job runs; when an instance fails the lease lapses and
//! another takes the job, and what the first one still says of it counts no more. So a task must bear being run twice.
//! What fails, panics, or takes longer than its task may, is tried again after a growing pause, as often as the job allows.
//!
//! Jobs that are over move to the table `finished_jobs`, which inherits from `jobs`: whoever asks for jobs is shown both, and
//! those who take jobs look at those alone that wait or run. How many attempts ended is written down in one statement.
//!
//! A notification wakes those who are not busy, and says since when something is due: each of them begins where it was last
//! (`runner/seen.rs`), and would skip what comes with an earlier time. Whoever does not receive it polls every five seconds, and
//! when the next one is due. The tasks themselves are listed in `worker.rs`: those that wait for strangers have workers of
//! their own, so that they hold up nothing else.

pub mod api;
mod listen;
pub mod model;
mod runner;
mod service;
mod store;
mod tasks;

pub use listen::{listen, receive};
pub use model::{Job, JobStatus, NewJob};
pub use runner::{Counts, Runner};
pub use service::check_task;
pub use store::{count_due, list_by_status, queue, sweep};
pub use tasks::{ECHO, Task, put_off};
