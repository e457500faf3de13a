//! Webhooks: other programs that are told what happens in a chat, by requests to an address they have named.
//!
//! A webhook is one more reader of the log, with a place of its own in it: what comes after `delivered_seq` is sent, entry
//! by entry, in order, and the place moves on when an entry was taken. So nothing is lost and nothing comes before what was
//! there before it, whoever wrote it and whoever fell over meanwhile; an entry whose answer was lost comes twice.
//!
//! Posting knows nothing of all this. Every instance hears the notifications of every chat as it is, and the [`Waker`] of each knows
//! which chats have webhooks; for those, and for no others, it asks the database to give the ones that are behind a job.
//! The row says which job it is: of twenty that ask at once one gives it, a job that is not named there any more sends
//! nothing, and one that lets go looks once more for what came while it did. Notifications that nobody heard are made up for every
//! minute.
//!
//! The jobs have workers of their own, apart from all others: they wait for strangers most of the time, and hold no
//! connection while they do.

pub mod api;
mod delivery;
pub mod jobs;
mod limits;
pub mod model;
mod refusals;
pub mod service;
pub mod store;
mod waker;

pub use waker::{Waker, made_in};
