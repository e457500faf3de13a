//! Work that is done again and again: rows of the table `schedules`, each of which queues a job when its time has come.
//!
//! A time comes by the clock of a place (cron), at a pace, or by the sun ([`rule`]). Every instance knows when the next one is
//! due and sleeps until then; whoever is first to write the time after it has queued the job, in the same statement, so that it is
//! one job however many instances run. After a time at which no instance ran, what was missed is queued once. A change by
//! anybody, in SQL too, notifies: the next time is reckoned anew ([`run`]).
//!
//! What the server does regularly stands there as well, `built_in`, and can be switched off.

pub mod api;
pub mod model;
mod planner;
pub mod rule;
mod service;
mod store;

pub use planner::run;
