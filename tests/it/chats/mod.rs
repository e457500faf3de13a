//! Rooms: making them, changing them, coming and going, finding them, and who may do what.

mod banning;
mod direct;
mod discovering;
mod ending;
mod images;
mod inviting;
mod listing;
mod making;
mod members;
mod moving;
mod rights;
