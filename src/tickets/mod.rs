//! Tickets: places at an event, and the waiting list for them.
//!
//! The tables decide: a trigger sells under the lock of the event, or refuses (`sql/functions/sell_ticket.sql`), and a free place
//! becomes a hold of the first who waits, in the transaction that frees it (`sql/functions/offer_places.sql`). At every commit what is sold and
//! held is no more than there is, and as long as the event has not begun, the first who waits wants more than is free. Holds that run
//! out are the affair of [`crate::events::due`].
//!
//! The code of a ticket is a signature ([`code`]): nobody can make one up, and it is good for its ticket alone.

pub mod api;
pub mod check_ins;
pub mod code;
pub mod model;
pub mod service;
pub mod store;
pub mod waiting;
