//! Rooms: making them, changing them, coming and going, finding them.

mod listing;
mod making;
mod moving;
