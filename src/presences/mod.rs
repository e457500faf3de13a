//! Who is connected, and where: a row for each person and instance that holds a socket of theirs. An instance that fails
//! is removed by the others, and with it the presence of whoever was connected to it.
//!
//! Friends may know of each other, and people who share a chat; not those whom the one asked about has blocked.

pub mod store;
