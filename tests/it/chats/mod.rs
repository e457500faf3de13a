//! Rooms: making them, changing them, coming and going, finding them, and who may do what.

mod listing;
mod making;
mod moving;
mod rights;
